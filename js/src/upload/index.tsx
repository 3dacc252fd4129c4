import { render } from "preact";
import type { UploaderTraits } from "../generated/traits";
import { Backend } from "../lib/backend";
import { Rpc } from "../lib/rpc";
import { followState } from "../lib/state";
import type { View } from "../lib/view";
import { Waiting } from "../lib/waiting";
import { connectUploads } from "./connect";
import { Footage } from "./footage";

/** The view of `nemo.Uploader`: the drop zone alone. */
export function mountUploader({ model, el, signal, shared }: View<UploaderTraits>): void {
  const rpc = new Rpc(model, shared, signal);
  const state = followState(rpc, signal);
  const { uploads, dropping, maxBytes } = connectUploads({ model, el, signal }, rpc, state);

  function Uploader() {
    const now = state.value;
    if (!now) return <Waiting lost={rpc.lost.value} />;
    return (
      <section class="nemo-panel nemo-uploader" aria-label="Uploader" data-dropping={dropping.value}>
        <Footage state={now} uploads={uploads} asker={rpc} maxBytes={maxBytes.value} />
        <Backend backend={now.backend} where={now.where} recording={now.recording} make="Uploader" />
        {rpc.lost.value && <Waiting lost />}
        {dropping.value && <div class="nemo-drop-veil">Drop to add as footage</div>}
      </section>
    );
  }

  signal.addEventListener("abort", () => render(null, el));
  render(<Uploader />, el);
}
