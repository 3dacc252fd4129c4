import { render } from "preact";
import { inWords, isAbort, Rpc } from "../lib/rpc";
import type { View } from "../lib/view";
import { Grid } from "./grid";
import { ComparisonStore } from "./store";

/** The view of `nemo.CompareGrid`. */
export function mountCompare(view: View<Record<string, never>>): void {
  const { model, el, signal, shared } = view;
  const asker = new Rpc(model, shared, signal);
  const store = new ComparisonStore();
  const refresh = async () => {
    try {
      store.show((await asker.ask({ type: "get_comparison" })).reply);
    } catch (cause) {
      if (!isAbort(cause)) store.error.value = inWords(cause);
    }
  };
  asker.onUpdate((update) => {
    if (update.type === "comparison_update" && !store.apply(update)) void refresh();
  });
  signal.addEventListener("abort", () => render(null, el), { once: true });
  render(<Grid store={store} asker={asker} />, el);
  void refresh();
}
