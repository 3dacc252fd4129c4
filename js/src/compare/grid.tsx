import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Badge } from "../lib/badge";
import { Icon } from "../lib/icons";
import { type Asker, inWords, isAbort } from "../lib/rpc";
import { Group } from "../player/group";
import { Cell } from "./cell";
import type { ComparisonStore } from "./store";

export interface GridProps {
  store: ComparisonStore;
  asker: Asker;
}

/** All variants side by side; their players act as one. */
export function Grid({ store, asker }: GridProps): JSX.Element {
  const group = useMemo(() => new Group(), []);
  const asking = useSignal(false);
  const { backend, running, variants, complete, error } = store;
  const clips = useComputed(() => variants.value.filter(({ clip }) => clip !== null).length);

  const ask = async (type: "start_sweep" | "stop_sweep") => {
    asking.value = true;
    error.value = "";
    try {
      await asker.ask({ type });
    } catch (cause) {
      if (!isAbort(cause)) error.value = inWords(cause);
    } finally {
      asking.value = false;
    }
  };

  return (
    <section class="nemo-compare" aria-label="Comparison of prompts">
      <header class="nemo-compare-head">
        <p role="status">{said(store)}</p>
        <Badge backend={backend.value} />
        <div class="nemo-compare-actions">
          {clips.value > 1 && (
            <button type="button" class="nemo-button" onClick={() => void replay(group)}>
              <Icon name="play" /> Play together
            </button>
          )}
          {running.value ? (
            <button
              type="button"
              class="nemo-button"
              disabled={asking.value}
              onClick={() => void ask("stop_sweep")}
            >
              <Icon name="stop" /> Stop
            </button>
          ) : (
            !complete.value && (
              <button
                type="button"
                class="nemo-button nemo-button-primary"
                disabled={asking.value}
                onClick={() => void ask("start_sweep")}
              >
                {store.ended.value > 0 ? "Make the rest" : `Make all ${variants.value.length}`}
              </button>
            )
          )}
        </div>
      </header>
      {error.value && (
        <p class="nemo-error" role="alert">
          {error.value}
        </p>
      )}
      <div class="nemo-compare-grid">
        {variants.value.map((variant) => (
          <Cell key={variant.number} variant={variant} asker={asker} group={group} />
        ))}
      </div>
    </section>
  );
}

async function replay(group: Group): Promise<void> {
  await group.perform({ do: "pause" });
  await group.perform({ do: "seek", time: 0 });
  await group.perform({ do: "play" });
}

function said({ variants, running, ended, complete }: ComparisonStore): string {
  const count = variants.value.length;
  const all = `${count} variant${count === 1 ? "" : "s"}`;
  if (complete.value) return `${all}, all made`;
  if (running.value) return `Making ${all}: ${ended.value} of ${count} ended`;
  return ended.value > 0 ? `${all}, not all made` : `${all}; nothing has been sent yet`;
}
