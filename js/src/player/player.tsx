import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ClipFacts } from "../generated/messages";
import { Badge } from "../lib/badge";
import { Icon } from "../lib/icons";
import type { Asker } from "../lib/rpc";
import { hideFallback } from "../lib/theme";
import { fileSize } from "../lib/words";
import { Controls } from "./controls";
import { type Action, type Group, perform } from "./group";
import { runKey, SHORTCUTS } from "./keymap";
import { pullClip } from "./loader";
import { Playback } from "./playback";

const EAGER_BYTES = 64 * 1024 * 1024; // larger clips wait for Play: they are pulled whole

export interface PlayerProps {
  clip: ClipFacts;
  asker: Asker;
  /** Players that are to act as one. */
  group?: Group | undefined;
  /** Called once with what drives this player, for a caller that also acts on it; ends with `signal`. */
  onPlayback?: (playback: Playback, signal: AbortSignal) => void;
  /** A person used this player. */
  onTouch?: () => void;
}

/** A clip with its control bar. Give it `key={clip.id}`: another clip is another player. */
export function Player({ clip, asker, group, onPlayback, onTouch }: PlayerProps): JSX.Element {
  const life = useMemo(() => new AbortController(), []);
  const playback = useMemo(
    () =>
      new Playback(clip, (signal, onProgress) => pullClip(asker, clip, { signal, onProgress }), life.signal),
    [],
  );
  const frame = useRef<HTMLElement>(null);
  const help = useSignal(false);

  useEffect(() => {
    group?.join(playback, life.signal);
    onPlayback?.(playback, life.signal);
    if (frame.current) hideFallback(clip.id, frame.current, life.signal);
    if (frame.current && clip.size_bytes <= EAGER_BYTES)
      prepareWhenSeen(frame.current, playback, life.signal);
    return () => life.abort();
  }, []);

  const act = (action: Action) => {
    onTouch?.();
    void (group ? group.perform(action, playback) : perform(playback, action));
  };
  const toggleFullScreen = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void frame.current?.requestFullscreen();
  };
  const toggleHelp = () => {
    help.value = !help.value;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && help.value) toggleHelp();
    else if (!runKey(event, { playback, act, toggleFullScreen, toggleHelp })) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <figure
      ref={frame}
      class="nemo-player"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys work on the player as a whole
      tabIndex={0}
      aria-label={`Video: ${clip.prompt || clip.name}`}
      onKeyDown={onKeyDown}
    >
      <Stage
        playback={playback}
        clip={clip}
        act={(action) => {
          frame.current?.focus({ preventScroll: true }); // the big button goes away: the keys stay here
          act(action);
        }}
      />
      {help.value && <HelpCard onClose={toggleHelp} />}
      <Controls playback={playback} act={act} toggleFullScreen={toggleFullScreen} toggleHelp={toggleHelp} />
    </figure>
  );
}

interface StageProps {
  playback: Playback;
  clip: ClipFacts;
  act(action: Action): void;
}

function Stage({ playback, clip, act }: StageProps): JSX.Element {
  const { playing, loaded, error, silenced } = playback;
  const ratio = clip.width && clip.height ? `${clip.width} / ${clip.height}` : "16 / 9";
  return (
    <div class="nemo-stage" style={{ "--ratio": ratio }}>
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
      {!playing.value && !error.value && playback.time.value === 0 && (
        <button type="button" class="nemo-big-play" aria-label="Play" onClick={() => act({ do: "play" })}>
          <Icon name="play" />
        </button>
      )}
      <Badge backend={clip.backend} />
      {loaded.value !== null && loaded.value < 1 && (
        <Loading fraction={loaded.value} size={clip.size_bytes} />
      )}
      {silenced.value && (
        <button type="button" class="nemo-silenced" onClick={() => playback.toggleMuted()}>
          Sound is off until you allow it: turn it on
        </button>
      )}
      {error.value && (
        <p class="nemo-error nemo-stage-error" role="alert">
          {error.value}{" "}
          <button type="button" class="nemo-link" onClick={() => act({ do: "play" })}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

function Loading({ fraction, size }: { fraction: number; size: number }): JSX.Element {
  const words = `Loading ${fileSize(size)} · ${Math.floor(fraction * 100)} %`;
  return (
    <div class="nemo-loading">
      <progress value={fraction} max={1} aria-label={words} />
      <span>{words}</span>
    </div>
  );
}

function HelpCard({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <div class="nemo-help" role="dialog" aria-label="Keys of the player">
      <dl>
        {SHORTCUTS.map(({ shown, does }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="nemo-button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

function prepareWhenSeen(el: Element, playback: Playback, signal: AbortSignal): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    void playback.prepare();
  });
  observer.observe(el);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
