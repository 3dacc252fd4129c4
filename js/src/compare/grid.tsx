import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ComparisonState } from "../generated/messages";
import { Icon } from "../lib/icons";
import { type Asker, inWords, isAbort } from "../lib/rpc";
import type { Group } from "../player/group";
import { Cell } from "./cell";

export interface GridProps {
  state: ComparisonState;
  asker: Asker;
  /** The clips' players, which act as one. */
  group: Group;
}

/** All variants side by side. */
export function Grid({ state, asker, group }: GridProps): JSX.Element {
  const clips = state.variants.filter(({ clip }) => clip !== null).length;
  return (
    <section class="nemo-compare" aria-label="Comparison of prompts">
      <header class="nemo-compare-head">
        <p role="status">{said(state)}</p>
        <div class="nemo-compare-actions">
          {clips > 1 && (
            <button type="button" class="nemo-button" onClick={() => void playFromStart(group)}>
              <Icon name="play" /> Play together
            </button>
          )}
          <StartStop state={state} asker={asker} />
        </div>
      </header>
      <div class="nemo-compare-grid">
        {state.variants.map((variant) => (
          <Cell key={variant.number} variant={variant} asker={asker} group={group} />
        ))}
      </div>
    </section>
  );
}

function StartStop({ state, asker }: Omit<GridProps, "group">): JSX.Element | null {
  const asking = useSignal(false);
  const error = useSignal("");
  const { running, variants } = state;
  if (!running && variants.every(({ phase }) => phase === "done")) return null;

  const ask = async () => {
    asking.value = true;
    error.value = "";
    try {
      await asker.ask({ type: running ? "stop_sweep" : "start_sweep" });
    } catch (cause) {
      if (!isAbort(cause)) error.value = inWords(cause);
    }
    asking.value = false;
  };
  const begun = variants.some(({ phase }) => phase !== "waiting");
  return (
    <>
      {running ? (
        <button type="button" class="nemo-button" disabled={asking.value} onClick={() => void ask()}>
          <Icon name="stop" /> Stop
        </button>
      ) : (
        <button
          type="button"
          class="nemo-button nemo-button-primary"
          disabled={asking.value}
          onClick={() => void ask()}
        >
          {begun ? "Make the rest" : `Make all ${variants.length}`}
        </button>
      )}
      {error.value && (
        <p class="nemo-error" role="alert">
          {error.value}
        </p>
      )}
    </>
  );
}

async function playFromStart(group: Group): Promise<void> {
  await group.perform({ do: "pause" });
  await group.perform({ do: "seek", time: 0 });
  await group.perform({ do: "play" });
}

const ENDED: readonly string[] = ["done", "failed", "stopped"];

function said({ variants, running }: ComparisonState): string {
  const count = variants.length;
  const all = count === 1 ? "1 variant" : `${count} variants`;
  const ended = variants.filter(({ phase }) => ENDED.includes(phase)).length;
  if (running) return `Making ${all}: ${ended} of ${count} finished`;
  if (variants.every(({ phase }) => phase === "done")) return `${all}, all made`;
  return ended > 0 ? `${all}, not all made` : `${all}; nothing has been sent yet`;
}
