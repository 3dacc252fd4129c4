import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clockTime } from "../lib/words";
import type { Extras } from "./extras";
import type { Action } from "./group";
import type { Playback } from "./playback";
import { type Strip, TILES_A_ROW } from "./stream/media";
import { Waveform } from "./waveform";

interface ScrubberProps {
  playback: Playback;
  extras: Extras;
  act(action: Action): void;
}

/** The playhead's slider: a picture of where the pointer is above it, the sound below it. */
export function Scrubber({ playback, extras, act }: ScrubberProps): JSX.Element {
  const { time, duration, inS, outS } = playback;
  const pointed = useSignal<number | null>(null);
  const share = (at: number) => `${duration.value ? (at / duration.value) * 100 : 0}%`;
  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const fraction = width ? Math.min(1, Math.max(0, (event.clientX - left) / width)) : 0;
    pointed.value = fraction * duration.value;
    void extras.wantStrip();
  };
  const ranged = inS.value !== null || outS.value !== null;
  const sound = extras.peaks.value;
  return (
    <div
      class="nemo-scrub"
      data-sound={sound !== null}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => {
        pointed.value = null;
      }}
    >
      {pointed.value !== null && (
        <div
          class="nemo-preview"
          style={{ left: `clamp(84px, ${share(pointed.value)}, calc(100% - 84px))` }}
          aria-hidden="true"
        >
          {extras.strip.value && <Tile strip={extras.strip.value} time={pointed.value} />}
          <span>{clockTime(pointed.value)}</span>
        </div>
      )}
      {sound && <Waveform peaks={sound} playback={playback} />}
      {ranged && (
        <span
          class="nemo-range"
          style={{
            left: share(inS.value ?? 0),
            right: `calc(100% - ${share(outS.value ?? duration.value)})`,
          }}
        />
      )}
      <input
        class="nemo-slider nemo-scrubber"
        type="range"
        aria-label="Position"
        aria-valuetext={`${clockTime(time.value)} of ${clockTime(duration.value)}`}
        min={0}
        max={duration.value}
        step="any"
        value={time.value}
        style={{ "--share": share(time.value) }}
        onInput={(event) => act({ do: "seek", time: event.currentTarget.valueAsNumber })}
      />
    </div>
  );
}

function Tile({ strip: { url, width, height, times }, time }: { strip: Strip; time: number }): JSX.Element {
  const at = tileAt(times, time);
  const [column, row] = [at % TILES_A_ROW, Math.floor(at / TILES_A_ROW)];
  return (
    <span
      class="nemo-tile"
      style={{
        width: `${width}px`,
        height: `${height}px`,
        backgroundImage: `url("${url}")`,
        backgroundPosition: `${-column * width}px ${-row * height}px`,
      }}
    />
  );
}

/** The picture that was taken nearest to `time`. */
export function tileAt(times: readonly number[], time: number): number {
  let nearest = 0;
  times.forEach((taken, place) => {
    if (Math.abs(taken - time) < Math.abs((times[nearest] ?? 0) - time)) nearest = place;
  });
  return nearest;
}
