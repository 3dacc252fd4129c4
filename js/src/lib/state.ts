import type { Signal } from "@preact/signals";
import type { StudioState, Update } from "../generated/messages";
import { follow } from "./follow";
import type { Rpc } from "./rpc";

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

/** What a studio or a prompt box shows, kept as the kernel has it; null until it has answered. */
export function followState(rpc: Rpc, signal: AbortSignal): Signal<StudioState | null> {
  return follow<StudioState, Update>(rpc, signal, {
    kind: "update",
    whole: async () => (await rpc.ask({ type: "get_snapshot" })).reply,
    applied,
    isBusy: (state) => runningTurn(state) !== undefined || state.export.status === "running",
  });
}

/** The answer that is under way, if any. */
export function runningTurn(state: StudioState | null): StudioState["turns"][number] | undefined {
  const last = state?.turns.at(-1);
  return last && (last.status === "setting_up" || last.status === "working") ? last : undefined;
}
