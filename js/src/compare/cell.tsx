import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { VariantState } from "../generated/messages";
import { markdownToDom } from "../lib/markdown";
import type { Asker } from "../lib/rpc";
import { elapsed, fileSize } from "../lib/words";
import type { Group } from "../player/group";
import { Player } from "../player/player";

export interface CellProps {
  variant: VariantState;
  asker: Asker;
  group: Group;
}

/** One variant: its prompt, what the agent says, how far it is, and its clip. */
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
      {clip ? <Player key={clip.id} clip={clip} asker={asker} group={group} /> : <Empty variant={variant} />}
      <p class="nemo-muted nemo-small">{facts(variant)}</p>
      {error && (
        <p class="nemo-error" role="alert">
          {error}
        </p>
      )}
      {text && <Answer text={text} done={clip !== null} />}
    </article>
  );
}

function Empty({ variant }: { variant: VariantState }): JSX.Element {
  const { phase, fraction } = variant;
  const busy = phase === "generating" || phase === "rendering";
  return (
    <div class="nemo-variant-empty">
      <p role="status">{WORDS[phase]}</p>
      {busy && (
        <progress max={1} {...(fraction === null ? {} : { value: fraction })} aria-label={WORDS[phase]} />
      )}
    </div>
  );
}

function Answer({ text, done }: { text: string; done: boolean }): JSX.Element {
  const page = useMemo(() => markdownToDom(text), [text]);
  const body = (
    <div
      class="nemo-markdown"
      ref={(el) => {
        el?.replaceChildren(page.cloneNode(true));
      }}
    />
  );
  if (!done) return body;
  return (
    <details>
      <summary>What the agent said</summary>
      {body}
    </details>
  );
}

function facts({ phase, elapsed_s, credits_spent, clip }: VariantState): string {
  const known = [
    clip ? `${clip.width}×${clip.height}` : "",
    clip ? `${clip.duration_s.toFixed(1).replace(/\.0$/, "")} s` : "",
    clip ? fileSize(clip.size_bytes) : "",
    phase === "waiting" ? "" : `took ${elapsed(elapsed_s)}`,
    credits_spent === null ? "" : `${credits_spent} credits`,
  ];
  return known.filter(Boolean).join(" · ");
}

const WORDS: Record<VariantState["phase"], string> = {
  waiting: "Not made yet",
  generating: "Generating",
  rendering: "Rendering",
  done: "Done",
  failed: "Failed",
  stopped: "Stopped",
};
