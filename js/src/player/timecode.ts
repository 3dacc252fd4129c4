/** Hours, minutes, seconds and frames, as editors write a moment: `00:01:02:14`. Frames count from 0 in each second. */
export function timecode(frame: number, fps: number): string {
  const base = Math.max(1, Math.round(fps)); // drop-frame counting is for broadcast clocks, not for clips
  const seconds = Math.floor(frame / base);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, frame % base];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
