import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clockTime } from "../lib/words";
import { focusPlayer, IconButton } from "./button";
import type { Extras } from "./extras";
import type { Action } from "./group";
import { More } from "./more";
import { type Playback, RATES } from "./playback";
import { beginAt, endAt } from "./range";
import { Scrubber } from "./scrubber";
import { timecode } from "./timecode";

export interface ControlsProps {
  playback: Playback;
  extras: Extras;
  act(action: Action): void;
  toggleFullScreen(): void;
  toggleHelp(): void;
}

/** The bar below the picture. What does not fit a narrow one stands under "More". */
export function Controls(props: ControlsProps): JSX.Element {
  const { playback, extras, act, toggleFullScreen } = props;
  const open = useSignal(false);
  return (
    <div class="nemo-controls">
      <Scrubber playback={playback} extras={extras} act={act} />
      <div class="nemo-bar">
        <PlayButton playback={playback} act={act} />
        <span class="nemo-wide">
          <Steps playback={playback} act={act} />
        </span>
        <Volume playback={playback} />
        <Time playback={playback} />
        <span class="nemo-wide">
          <Loops playback={playback} act={act} />
        </span>
        <span class="nemo-wide">
          <Rate playback={playback} act={act} />
        </span>
        <IconButton icon="fullScreen" name="Full screen (F)" onClick={toggleFullScreen} />
        <IconButton
          icon="more"
          name="More"
          expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        />
      </div>
      {open.value && <More {...props} />}
      {extras.notice.value && (
        <p class="nemo-notice nemo-small" role="status">
          {extras.notice.value}
        </p>
      )}
    </div>
  );
}

type Driven = Pick<ControlsProps, "playback" | "act">;

function PlayButton({ playback, act }: Driven): JSX.Element {
  const playing = playback.playing.value;
  const ended = !playing && playback.ended.value;
  if (playing) return <IconButton icon="pause" name="Pause (K)" onClick={() => act({ do: "pause" })} />;
  return (
    <IconButton
      icon={ended ? "replay" : "play"}
      name={ended ? "Play again (K)" : "Play (K)"}
      onClick={() => act({ do: "play" })}
    />
  );
}

export function Steps({ playback, act }: Driven): JSX.Element | null {
  if (playback.facts.value?.kind === "audio") return null;
  return (
    <>
      <IconButton icon="back" name="One frame back (,)" onClick={() => act({ do: "step", frames: -1 })} />
      <IconButton
        icon="forward"
        name="One frame forward (.)"
        onClick={() => act({ do: "step", frames: 1 })}
      />
    </>
  );
}

export function Loops({ playback, act }: Driven): JSX.Element {
  const { loop, inS, outS, time } = playback;
  const range = { inS: inS.value, outS: outS.value };
  const ranged = range.inS !== null || range.outS !== null;
  return (
    <>
      <IconButton
        icon="loop"
        name="Loop"
        pressed={loop.value}
        onClick={() => act({ do: "loop", loop: !loop.value })}
      />
      <IconButton
        icon="begin"
        name="Loop from here (I)"
        pressed={range.inS !== null}
        onClick={() => act({ do: "range", range: beginAt(time.value, range) })}
      />
      <IconButton
        icon="end"
        name="Loop to here (O)"
        pressed={range.outS !== null}
        onClick={() => act({ do: "range", range: endAt(time.value, range) })}
      />
      {ranged && (
        <IconButton
          icon="close"
          name="Play all of it again (X)"
          onClick={(event) => {
            focusPlayer(event);
            act({ do: "range", range: { inS: null, outS: null } });
          }}
        />
      )}
    </>
  );
}

function Time({ playback }: Pick<ControlsProps, "playback">): JSX.Element {
  const { time, duration, facts, media } = playback;
  const fps = facts.value?.fps || media.clip.fps;
  const isSound = facts.value?.kind === "audio";
  return (
    <span class="nemo-time">
      <span>
        {clockTime(time.value)}
        <span class="nemo-muted"> / {clockTime(duration.value)}</span>
      </span>
      {fps > 0 && !isSound && (
        <span
          class="nemo-frame nemo-muted"
          title="Hours, minutes, seconds, frames; and the number of the frame"
        >
          {timecode(playback.frame, fps)} · {playback.frame}
        </span>
      )}
    </span>
  );
}

function Volume({ playback }: Pick<ControlsProps, "playback">): JSX.Element {
  const volume = playback.muted.value ? 0 : playback.volume.value;
  return (
    <span class="nemo-volume">
      <IconButton
        icon={volume === 0 ? "silent" : "sound"}
        name={volume === 0 ? "Sound on (M)" : "Sound off (M)"}
        onClick={() => playback.toggleMuted()}
      />
      <input
        class="nemo-slider"
        type="range"
        data-keys="own"
        aria-label="Volume"
        aria-valuetext={`${Math.round(volume * 100)} %`}
        min={0}
        max={1}
        step={0.05}
        value={volume}
        style={{ "--share": `${volume * 100}%` }}
        onInput={(event) => playback.setVolume(event.currentTarget.valueAsNumber)}
      />
    </span>
  );
}

export function Rate({ playback, act }: Driven): JSX.Element {
  const now = playback.rate.value;
  const offered = RATES.some((rate) => rate === now) ? RATES : [...RATES, now].sort((a, b) => a - b);
  return (
    <select
      class="nemo-rate"
      aria-label="Speed (< and >)"
      title="Speed (< and >)"
      value={String(now)}
      onChange={(event) => act({ do: "rate", rate: Number(event.currentTarget.value) })}
    >
      {offered.map((rate) => (
        <option key={rate} value={String(rate)}>
          {rate}×
        </option>
      ))}
    </select>
  );
}
