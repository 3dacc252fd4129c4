import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Playback } from "./playback";

const HIGH = 100;

interface WaveformProps {
  peaks: Uint8Array;
  playback: Playback;
}

/** How loud the clip is over its length; what was played already in another colour. */
export function Waveform({ peaks, playback: { time, duration } }: WaveformProps): JSX.Element {
  const path = useMemo(() => outline(peaks), [peaks]);
  const rest = duration.value ? 100 - (time.value / duration.value) * 100 : 100;
  return (
    <svg
      class="nemo-waveform"
      viewBox={`0 0 ${peaks.length} ${HIGH}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
      <path class="nemo-played" d={path} style={{ clipPath: `inset(0 ${rest}% 0 0)` }} />
    </svg>
  );
}

/** One closed line around bars that stand on both sides of the middle. */
export function outline(peaks: Uint8Array): string {
  const half = (peak: number) => Math.max(1, Math.round((peak / 255) * (HIGH / 2)));
  const above = [...peaks].map(
    (peak, place) => `M${place} ${HIGH / 2 - half(peak)}h.7v${2 * half(peak)}h-.7z`,
  );
  return above.join("");
}
