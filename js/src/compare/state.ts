import type { Signal } from "@preact/signals";
import type { ComparisonState, ComparisonUpdate } from "../generated/messages";
import { follow } from "../lib/follow";
import type { Rpc } from "../lib/rpc";

/** The comparison after an update that follows it; variants that did not change stay the same objects. */
export function applied(
  state: ComparisonState,
  { running, variants: changed }: ComparisonUpdate,
): ComparisonState {
  const news = new Map(changed.map((variant) => [variant.number, variant]));
  const variants = state.variants.map((variant) => news.get(variant.number) ?? variant);
  return { ...state, running, variants };
}

/** The comparison, kept as the kernel has it; null until it has answered. */
export function followComparison(rpc: Rpc, signal: AbortSignal): Signal<ComparisonState | null> {
  return follow<ComparisonState, ComparisonUpdate>(rpc, signal, {
    kind: "comparison_update",
    whole: async () => (await rpc.ask({ type: "get_comparison" })).reply,
    applied,
    isBusy: ({ running }) => running,
  });
}
