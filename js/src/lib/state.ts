import { signal as makeSignal, type Signal } from "@preact/signals";
import type { StudioState, Update } from "../generated/messages";
import { isAbort, type Rpc } from "./rpc";

/** The state after an update that follows it. */
export function applied(state: StudioState, update: Update): StudioState {
  const { seq: _seq, type: _type, turns, texts, ...changed } = update;
  const next = { ...state, ...changed };
  if (turns.length === 0 && texts.length === 0) return next;
  next.turns = [...state.turns];
  for (const turn of turns) next.turns[turn.number - 1] = turn;
  for (const { turn, text } of texts) {
    const known = next.turns[turn - 1];
    if (known) next.turns[turn - 1] = { ...known, text: known.text + text };
  }
  return next;
}

const QUIET_MS = 5000;

/**
 * The kernel's state as a signal; null until it has answered.
 *
 * Updates are numbered: a gap, and five quiet seconds while work is under way, ask for the whole state again, because the
 * messages that get lost are the last ones of a burst.
 */
export function followState(rpc: Rpc, signal: AbortSignal): Signal<StudioState | null> {
  const state = makeSignal<StudioState | null>(null);
  let seq = -1;
  let newest = -1;
  let asking = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  async function resync(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      do {
        const { reply } = await rpc.ask({ type: "get_snapshot" });
        seq = reply.seq;
        state.value = reply.state;
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
    if (!signal.aborted && isBusy(state.value)) quiet = setTimeout(() => void resync(), QUIET_MS);
  }

  rpc.onUpdate((update) => {
    newest = Math.max(newest, update.seq);
    if (state.value && update.seq === seq + 1) {
      seq = update.seq;
      state.value = applied(state.value, update);
      listenForQuiet();
    } else if (update.seq > seq) {
      void resync();
    }
  });
  signal.addEventListener("abort", () => clearTimeout(quiet), { once: true });
  void resync();
  return state;
}

/** The answer that is under way, if any. */
export function runningTurn(state: StudioState | null): StudioState["turns"][number] | undefined {
  const last = state?.turns.at(-1);
  return last && (last.status === "setting_up" || last.status === "working") ? last : undefined;
}

function isBusy(state: StudioState | null): boolean {
  return runningTurn(state) !== undefined || state?.export.status === "running";
}
