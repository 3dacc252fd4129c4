import type { JSX } from "preact";
import type { MediaFacts } from "../generated/messages";
import { Badge } from "../lib/badge";
import { Icon } from "../lib/icons";
import { fileSize } from "../lib/words";
import { focusPlayer } from "./button";
import type { Extras } from "./extras";
import type { Action } from "./group";
import type { Playback } from "./playback";
import { Waveform } from "./waveform";

interface StageProps {
  playback: Playback;
  extras: Extras;
  act(action: Action): void;
}

/** The picture, and all that is said over it. */
export function Stage({ playback, extras, act }: StageProps): JSX.Element {
  const { playing, loaded, error, silenced, facts, media } = playback;
  const { clip } = media;
  const shown = facts.value ?? clip;
  const isSound = facts.value?.kind === "audio" || clip.mime.startsWith("audio/");
  const ratio = shown.width && shown.height ? `${shown.width} / ${shown.height}` : "16 / 9";
  return (
    <div
      class="nemo-stage"
      data-kind={isSound ? "audio" : "video"}
      data-turn={turnOf(playback, facts.value)}
      style={{ "--ratio": ratio }}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: the clips have none; text is drawn into the picture */}
      <video
        ref={(video) => {
          if (video) playback.attach(video);
        }}
        poster={(loaded.value !== 1 && clip.poster) || undefined} // it is small: the clip's own picture is sharp
        preload="auto"
        playsInline
        tabIndex={-1}
        onClick={() => act({ do: playing.value ? "pause" : "play" })}
      />
      {isSound && extras.peaks.value && <Waveform peaks={extras.peaks.value} playback={playback} />}
      {!playing.value && !error.value && playback.time.value === 0 && (
        <button type="button" class="nemo-big-play" aria-label="Play" onClick={() => act({ do: "play" })}>
          <Icon name="play" />
        </button>
      )}
      <Badge backend={clip.backend} />
      <Loading playback={playback} />
      {silenced.value && (
        <button
          type="button"
          class="nemo-silenced"
          onClick={(event) => {
            focusPlayer(event);
            playback.toggleMuted();
          }}
        >
          Sound is off until you allow it: turn it on
        </button>
      )}
      {error.value && (
        <p class="nemo-error nemo-stage-error" role="alert">
          {error.value}{" "}
          <button
            type="button"
            class="nemo-link"
            onClick={(event) => {
              focusPlayer(event);
              void playback.retry();
            }}
          >
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** How the native form has still to be turned; a browser that has done so shows width and height exchanged. */
function turnOf({ way, video }: Playback, facts: MediaFacts | null): number | undefined {
  if (!facts?.rotation || way.value !== "native") return undefined;
  const sideways = facts.rotation % 180 !== 0;
  if (sideways && facts.width !== facts.height && video?.videoWidth === facts.width) return undefined;
  return facts.rotation;
}

function Loading({ playback }: { playback: Playback }): JSX.Element | null {
  const { loaded, waiting, error, media, way } = playback;
  const opening = loaded.value !== null && loaded.value < 1;
  if (error.value || !(opening || waiting.value)) return null;
  const whole = opening && (loaded.value ?? 0) > 0;
  const words = media.slow.value
    ? "Waiting for the kernel: it is busy"
    : whole
      ? `Loading ${fileSize(media.clip.size_bytes)} · ${Math.floor((loaded.value ?? 0) * 100)} %`
      : way.value === "converted"
        ? "Converting for this browser…"
        : "Loading…";
  return (
    <div class="nemo-loading" role="status">
      {whole ? (
        <progress value={loaded.value ?? 0} max={1} aria-label={words} />
      ) : (
        <progress aria-label={words} />
      )}
      <span>{words}</span>
    </div>
  );
}
