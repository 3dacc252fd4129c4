import { signal as makeSignal, type Signal } from "@preact/signals";
import { type AnyUpdate, isAbort, type Rpc } from "./rpc";

/** A state of the kernel's that comes whole when asked for, then in numbered updates. */
export interface Feed<State, U extends AnyUpdate> {
  kind: U["type"];
  /** Ask for the whole of it, as of update number `seq`. */
  whole(): Promise<{ seq: number; state: State }>;
  /** The state after an update that follows it. */
  applied(state: State, update: U): State;
  /** Whether work is under way, so that updates are due. */
  isBusy(state: State): boolean;
}

const QUIET_MS = 5000;

/**
 * The kernel's state as a signal; null until it has answered.
 *
 * A gap in the numbers, and five quiet seconds while work is under way, ask for the whole state again, because the messages
 * that get lost are the last ones of a burst.
 */
export function follow<State, U extends AnyUpdate>(
  rpc: Rpc,
  signal: AbortSignal,
  feed: Feed<State, U>,
): Signal<State | null> {
  const state = makeSignal<State | null>(null);
  let seq = -1;
  let newest = -1;
  let asking = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  async function resync(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      do {
        const answer = await feed.whole();
        seq = answer.seq;
        state.value = answer.state;
      } while (seq < newest); // an update overtook the answer
    } catch (error) {
      if (!isAbort(error)) throw error;
    } finally {
      asking = false;
    }
    listenForQuiet();
  }

  function listenForQuiet(): void {
    clearTimeout(quiet);
    if (!signal.aborted && state.value && feed.isBusy(state.value))
      quiet = setTimeout(() => void resync(), QUIET_MS);
  }

  rpc.onUpdate((update) => {
    if (update.type !== feed.kind) return;
    newest = Math.max(newest, update.seq);
    if (state.value && update.seq === seq + 1) {
      seq = update.seq;
      state.value = feed.applied(state.value, update as U);
      listenForQuiet();
    } else if (update.seq > seq) {
      void resync();
    }
  });
  signal.addEventListener("abort", () => clearTimeout(quiet));
  void resync();
  return state;
}
