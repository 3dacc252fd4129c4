import { expect, test } from "vitest";
import { Playback } from "../../src/player/playback";
import { Media } from "../../src/player/stream/media";
import { CLIP } from "../fakes";

function playback(): Playback {
  const life = new AbortController().signal;
  const asker = { ask: () => new Promise<never>(() => {}) };
  return new Playback(
    new Media({ ...CLIP, duration_s: 10, fps: 15 }, asker, life),
    async () => undefined,
    life,
  );
}

test.each([
  [0, 0],
  [0.066, 0],
  [1 / 15, 1],
  [9.99, 149],
  [10, 149],
])(
  "at %s s of ten seconds at 15 fps frame %s is shown: the very end is no frame of its own",
  (time, frame) => {
    const shown = playback();
    shown.time.value = time;
    expect(shown.frame).toBe(frame);
  },
);
