import type { JSX } from "preact";
import { Icon, type IconName } from "../lib/icons";
import { clockTime } from "../lib/words";
import type { Action } from "./group";
import { type Playback, RATES } from "./playback";

interface ControlsProps {
  playback: Playback;
  act(action: Action): void;
  toggleFullScreen(): void;
  toggleHelp(): void;
}

export function Controls({ playback, act, toggleFullScreen, toggleHelp }: ControlsProps): JSX.Element {
  return (
    <div class="nemo-controls">
      <PlayButton playback={playback} act={act} />
      <Scrubber playback={playback} act={act} />
      <Time playback={playback} />
      <Volume playback={playback} />
      <Rate playback={playback} act={act} />
      <IconButton
        icon="loop"
        name="Loop"
        pressed={playback.loop.value}
        onClick={() => act({ do: "loop", loop: !playback.loop.value })}
      />
      <IconButton icon="fullScreen" name="Full screen (F)" onClick={toggleFullScreen} />
      <IconButton icon="help" name="Keys (?)" onClick={toggleHelp} />
    </div>
  );
}

interface IconButtonProps {
  icon: IconName;
  name: string;
  pressed?: boolean;
  onClick(): void;
}

function IconButton({ icon, name, pressed, onClick }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="nemo-icon-button"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function PlayButton({ playback, act }: Pick<ControlsProps, "playback" | "act">): JSX.Element {
  const playing = playback.playing.value;
  const ended = !playing && playback.ended.value;
  const [icon, name]: [IconName, string] = playing
    ? ["pause", "Pause (K)"]
    : ended
      ? ["replay", "Play again (K)"]
      : ["play", "Play (K)"];
  return <IconButton icon={icon} name={name} onClick={() => act({ do: playing ? "pause" : "play" })} />;
}

function Scrubber({ playback, act }: Pick<ControlsProps, "playback" | "act">): JSX.Element {
  const { time, duration } = playback;
  const share = duration.value ? (time.value / duration.value) * 100 : 0;
  return (
    <input
      class="nemo-slider nemo-scrubber"
      type="range"
      aria-label="Position"
      aria-valuetext={`${clockTime(time.value)} of ${clockTime(duration.value)}`}
      min={0}
      max={duration.value}
      step="any"
      value={time.value}
      style={{ "--share": `${share}%` }}
      onInput={(event) => act({ do: "seek", time: event.currentTarget.valueAsNumber })}
    />
  );
}

function Time({ playback }: Pick<ControlsProps, "playback">): JSX.Element {
  return (
    <span class="nemo-time">
      {clockTime(playback.time.value)}
      <span class="nemo-muted"> / {clockTime(playback.duration.value)}</span>
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

function Rate({ playback, act }: Pick<ControlsProps, "playback" | "act">): JSX.Element {
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
