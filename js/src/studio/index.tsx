import { render } from "preact";
import type { StudioTraits } from "../generated/traits";
import { Backend } from "../lib/backend";
import { Rpc } from "../lib/rpc";
import { followState } from "../lib/state";
import type { View } from "../lib/view";
import { Waiting } from "../lib/waiting";
import { Prompt } from "../prompt-box/prompt";
import { Sender } from "../prompt-box/sender";
import { Transcript } from "../prompt-box/transcript";
import { connectUploads } from "../upload/connect";
import { Footage } from "../upload/footage";
import { Actions } from "./actions";
import { Screen } from "./screen";

/** The view of `nemo.Studio`: one fixed layout with a slot for everything. */
export function mountStudio({ model, el, signal, shared }: View<StudioTraits>): void {
  const rpc = new Rpc(model, shared, signal);
  const state = followState(rpc, signal);
  const sender = new Sender(model, rpc, state, signal);
  const usePrompt = (text: string) => sender.add(text, "\n");
  const { uploads, dropping, maxBytes } = connectUploads({ model, el, signal }, rpc, state, usePrompt);

  function Studio() {
    const now = state.value;
    if (!now) return <Waiting lost={rpc.lost.value} />;
    return (
      <section class="nemo-panel nemo-studio" aria-label="Studio" data-dropping={dropping.value}>
        <Backend backend={now.backend} where={now.where} recording={now.recording} make="Studio" />
        <div class="nemo-talk">
          {now.turns.length === 0 ? (
            <Welcome replays={now.recording !== ""} />
          ) : (
            <Transcript turns={now.turns} onReuse={(prompt) => sender.reuse(prompt)} />
          )}
          <Prompt sender={sender} state={now} />
          <Footage
            state={now}
            uploads={uploads}
            asker={rpc}
            maxBytes={maxBytes.value}
            onMention={(name) => sender.add(`@${name} `, " ")}
            onText={usePrompt}
          />
        </div>
        <div class="nemo-result">
          <Screen state={now} asker={rpc} />
          <Actions asker={rpc} state={now.export} final={now.final} possible={now.timeline !== ""} />
          {now.notice && (
            <p class="nemo-error" role="alert">
              {now.notice}
            </p>
          )}
        </div>
        {rpc.lost.value && <Waiting lost />}
        {dropping.value && <div class="nemo-drop-veil">Drop to add as footage</div>}
      </section>
    );
  }

  signal.addEventListener("abort", () => render(null, el));
  render(<Studio />, el);
}

function Welcome({ replays }: { replays: boolean }) {
  if (replays) {
    return (
      <div class="nemo-welcome">
        <h3>Send what was sent then</h3>
        <p class="nemo-muted">A recording has answers to its own prompts only, in their order.</p>
      </div>
    );
  }
  return (
    <div class="nemo-welcome">
      <h3>What should the video show?</h3>
      <p class="nemo-muted">Describe it in your own words, or start from an example and change it.</p>
    </div>
  );
}
