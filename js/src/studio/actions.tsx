import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ClipFacts, ExportState } from "../generated/messages";
import { useElapsed } from "../lib/clock";
import { isRepeat } from "../lib/keys";
import { type Asker, inWords, isKnown } from "../lib/rpc";
import { elapsed, fileSize } from "../lib/words";

interface ActionsProps {
  asker: Asker;
  state: ExportState;
  final: ClipFacts | null;
  /** There is something on the timeline. */
  possible: boolean;
}

/** The Export button and how the export stands. */
export function Actions({ asker, state, final, possible }: ActionsProps): JSX.Element {
  const asking = useSignal(false);
  const refused = useSignal("");
  const running = state.status === "running";

  async function ask(type: "start_export" | "stop_export"): Promise<void> {
    if (asking.value) return;
    asking.value = true;
    refused.value = "";
    try {
      await asker.ask({ type });
    } catch (error) {
      if (!isKnown(error)) refused.value = inWords(error);
    } finally {
      asking.value = false;
    }
  }

  // One button element throughout, so that the focus stays on it.
  return (
    <section class="nemo-actions" aria-label="Export">
      {running ? (
        <ExportProgress state={state} />
      ) : (
        <p class="nemo-muted" role="status">
          {outcome(state, final, possible)}
        </p>
      )}
      <button
        type="button"
        class={running || final ? "nemo-button" : "nemo-button nemo-button-primary"}
        disabled={!running && !possible}
        onClick={(event) => {
          if (!isRepeat(event)) void ask(running ? "stop_export" : "start_export");
        }}
      >
        {running ? "Cancel" : final ? "Export again" : "Export video"}
      </button>
      {(state.error || refused.value) && (
        <p class="nemo-error" role="alert">
          {state.error || refused.value}
        </p>
      )}
    </section>
  );
}

function ExportProgress({ state }: { state: ExportState }): JSX.Element {
  const seconds = useElapsed(state.elapsed_s, true);
  const percent = state.fraction === null ? "" : ` · ${Math.floor(state.fraction * 100)} %`;
  return (
    <div class="nemo-export-progress">
      <progress aria-label="Export" max={1} value={state.fraction ?? undefined} />
      <span>
        Exporting{percent} · {elapsed(seconds.value)}
      </span>
    </div>
  );
}

function outcome(state: ExportState, final: ClipFacts | null, possible: boolean): string {
  if (state.status === "stopped") return "The export was cancelled.";
  if (final) return `Exported: ${final.name}, ${fileSize(final.size_bytes)}`;
  return possible ? "" : "Nothing to export yet: ask for a clip first.";
}
