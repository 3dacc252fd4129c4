import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ClipFacts } from "../generated/messages";
import type { Asker } from "../lib/rpc";
import { hideFallback } from "../lib/theme";
import { Controls } from "./controls";
import { Extras } from "./extras";
import { type Action, type Group, joinNamed, perform } from "./group";
import { HelpCard } from "./help";
import { runKey } from "./keymap";
import { Picture } from "./picture";
import { Playback } from "./playback";
import { Stage } from "./stage";
import { Media } from "./stream/media";
import { openClip } from "./stream/open";

export interface PlayerProps {
  clip: ClipFacts;
  asker: Asker;
  /** Players that are to act as one, or the name that they have in common on this page. */
  group?: Group | string | undefined;
  /** Called once with what drives this player, for a caller that also acts on it; ends with `signal`. */
  onPlayback?: (playback: Playback, act: (action: Action) => void, signal: AbortSignal) => void;
  /** A person used this player. */
  onTouch?: () => void;
}

/** A clip with its control bar, or a picture. Give it `key={clip.id}`: another clip is another player. */
export function Player(props: PlayerProps): JSX.Element {
  if (props.clip.mime.startsWith("image/")) return <Picture clip={props.clip} asker={props.asker} />;
  return <Video {...props} />;
}

function Video({ clip, asker, group, onPlayback, onTouch }: PlayerProps): JSX.Element {
  const life = useMemo(() => new AbortController(), []);
  const playback = useMemo(
    () => new Playback(new Media(clip, asker, life.signal), openClip, life.signal),
    [],
  );
  const extras = useMemo(() => new Extras(playback, life.signal), []);
  const company = useMemo(() => {
    if (typeof group === "string") return group ? joinNamed(group, playback, life.signal) : undefined;
    group?.join(playback, life.signal);
    return group;
  }, []);
  const frame = useRef<HTMLElement>(null);
  const help = useSignal(false);

  const perhapsTogether = (action: Action) =>
    void (company ? company.perform(action, playback) : perform(playback, action));
  const act = (action: Action) => {
    onTouch?.();
    perhapsTogether(action);
  };

  useEffect(() => {
    onPlayback?.(playback, perhapsTogether, life.signal);
    if (frame.current) {
      hideFallback(clip.id, frame.current, life.signal);
      watchSight(frame.current, playback, life.signal);
    }
    return () => life.abort();
  }, []);

  const toggleFullScreen = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void frame.current?.requestFullscreen();
  };
  const toggleHelp = () => {
    help.value = !help.value;
    if (!help.value) frame.current?.focus({ preventScroll: true });
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
      aria-label={`${playback.facts.value?.kind === "audio" ? "Sound" : "Video"}: ${clip.prompt || clip.name}`}
      onKeyDown={onKeyDown}
    >
      <Stage
        playback={playback}
        extras={extras}
        act={(action) => {
          frame.current?.focus({ preventScroll: true }); // the big button goes away: the keys stay here
          act(action);
        }}
      />
      {help.value && <HelpCard onClose={toggleHelp} />}
      <Controls
        playback={playback}
        extras={extras}
        act={act}
        toggleFullScreen={toggleFullScreen}
        toggleHelp={toggleHelp}
      />
    </figure>
  );
}

/** Prepare what is seen, and tell the playback when it is. */
function watchSight(el: Element, playback: Playback, signal: AbortSignal): void {
  const observer = new IntersectionObserver((entries) => {
    const seen = entries.at(-1)?.isIntersecting ?? false;
    playback.setSeen(seen);
    if (seen && playback.loaded.value === null && !playback.error.value) void playback.prepare();
  });
  observer.observe(el);
  signal.addEventListener("abort", () => observer.disconnect());
}
