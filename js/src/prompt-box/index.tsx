import { render } from "preact";
import type { PromptBoxTraits } from "../generated/traits";
import { Backend } from "../lib/backend";
import { Rpc } from "../lib/rpc";
import { followState } from "../lib/state";
import type { View } from "../lib/view";
import { Waiting } from "../lib/waiting";
import { Prompt } from "./prompt";
import { Sender } from "./sender";
import { Transcript } from "./transcript";

/** The view of `nemo.PromptBox`. */
export function mountPromptBox({ model, el, signal, shared }: View<PromptBoxTraits>): void {
  const rpc = new Rpc(model, shared, signal);
  const state = followState(rpc, signal);
  const sender = new Sender(model, rpc, state, signal);

  function PromptBox() {
    if (!state.value) return <Waiting lost={rpc.lost.value} />;
    const { turns, backend, where, recording } = state.value;
    return (
      <section class="nemo-panel nemo-prompt-box" aria-label="Prompt box">
        {turns.length > 0 && <Transcript turns={turns} onReuse={(prompt) => sender.reuse(prompt)} />}
        <Prompt sender={sender} state={state.value} />
        <Backend backend={backend} where={where} recording={recording} make="PromptBox" />
        {rpc.lost.value && <Waiting lost />}
      </section>
    );
  }

  signal.addEventListener("abort", () => render(null, el));
  render(<PromptBox />, el);
}
