import { render } from "preact";
import { Rpc } from "../lib/rpc";
import type { View } from "../lib/view";
import { Waiting } from "../lib/waiting";
import { Group } from "../player/group";
import { Grid } from "./grid";
import { followComparison } from "./state";

/** The view of `nemo.CompareGrid`. */
export function mountCompare({ model, el, signal, shared }: View<Record<string, never>>): void {
  const rpc = new Rpc(model, shared, signal);
  const state = followComparison(rpc, signal);
  const group = new Group();

  function Comparison() {
    const now = state.value;
    if (!now) return <Waiting lost={rpc.lost.value} />;
    return (
      <>
        <Grid state={now} asker={rpc} group={group} />
        {rpc.lost.value && <Waiting lost />}
      </>
    );
  }

  signal.addEventListener("abort", () => render(null, el));
  render(<Comparison />, el);
}
