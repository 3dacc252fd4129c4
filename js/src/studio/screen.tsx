import type { JSX } from "preact";
import type { StudioState } from "../generated/messages";
import type { Asker } from "../lib/rpc";
import { Player } from "../player/player";

/** The newest clip, or what will be there; below it the timeline in one line. */
export function Screen({ state, asker }: { state: StudioState; asker: Asker }): JSX.Element {
  const clip = state.final ?? state.preview;
  return (
    <section class="nemo-screen" aria-label="Result">
      {clip ? (
        <Player key={clip.id} clip={clip} asker={asker} />
      ) : (
        <div class="nemo-empty">
          <p>Your clip appears here.</p>
        </div>
      )}
      <p class="nemo-timeline">
        {clip && <span class="nemo-chip">{clip === state.final ? "Exported" : "Raw clip"}</span>}
        {clip && clip !== state.final && <span>Titles, music and edits show when you export.</span>}
        <span>{state.timeline || "Timeline: empty"}</span>
      </p>
    </section>
  );
}
