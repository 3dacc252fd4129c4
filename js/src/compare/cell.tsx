import type { JSX } from "preact";
import type { VariantState } from "../generated/messages";
import { useElapsed } from "../lib/clock";
import { Prose } from "../lib/markdown";
import type { Asker } from "../lib/rpc";
import { elapsed, fileSize } from "../lib/words";
import type { Group } from "../player/group";
import { Player } from "../player/player";

export interface CellProps {
  variant: VariantState;
  asker: Asker;
  group: Group;
}

/** One variant: its prompt, its clip or how far that is, and what the agent says. */
export function Cell({ variant, asker, group }: CellProps): JSX.Element {
  const { number, prompt, text, error, clip } = variant;
  return (
    <article class="nemo-variant" aria-label={`Variant ${number}: ${prompt}`}>
      <h3 class="nemo-variant-prompt">
        <span class="nemo-variant-number" aria-hidden="true">
          {number}
        </span>
        {prompt}
      </h3>
      <div class="nemo-variant-result">
        {clip ? (
          <Player key={clip.id} clip={clip} asker={asker} group={group} />
        ) : (
          <Empty variant={variant} />
        )}
        {error && (
          <p class="nemo-error" role="alert">
            {error}
          </p>
        )}
        {clip && <p class="nemo-muted nemo-small">{facts(variant)}</p>}
        {text &&
          (clip ? (
            <details>
              <summary>What the agent said</summary>
              <Prose markdown={text} />
            </details>
          ) : (
            <Prose markdown={text} />
          ))}
      </div>
    </article>
  );
}

const WORDS: Record<VariantState["phase"], string> = {
  waiting: "Not made yet",
  generating: "Generating",
  queued: "Waiting for the renderer",
  rendering: "Rendering",
  done: "Done",
  failed: "Failed",
  stopped: "Stopped",
};

function Empty({ variant: { phase, fraction, elapsed_s } }: { variant: VariantState }): JSX.Element {
  const busy = phase === "generating" || phase === "queued" || phase === "rendering";
  const seconds = useElapsed(elapsed_s, busy);
  const words = busy ? `${WORDS[phase]} · ${elapsed(seconds.value)}` : WORDS[phase];
  return (
    <div class="nemo-variant-empty">
      <p>{words}</p>
      {busy && (
        <progress max={1} {...(fraction === null ? {} : { value: fraction })} aria-label={WORDS[phase]} />
      )}
    </div>
  );
}

function facts({ elapsed_s, credits_spent, clip }: VariantState): string {
  const known = [
    ...(clip ? [`${clip.width}×${clip.height}`, `${Number(clip.duration_s.toFixed(1))} s`] : []),
    ...(clip ? [fileSize(clip.size_bytes)] : []),
    `took ${elapsed(elapsed_s)}`,
    ...(credits_spent === null ? [] : [`${credits_spent} credits`]),
  ];
  return known.join(" · ");
}
