import { expect, test } from "vitest";
import { Playback } from "../../src/player/playback";
import { Media } from "../../src/player/stream/media";
import type { Open, OpenOptions } from "../../src/player/stream/open";
import { CLIP, settled } from "../fakes";

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

const FACTS = {
  type: "media_facts" as const,
  id: "1",
  kind: "video" as const,
  duration_s: 10,
  width: 640,
  height: 360,
  fps: 30,
  frame_count: 300,
  rotation: 0,
  has_audio: false,
  native: "video/mp4",
  converted: "video/mp4",
  size_bytes: 1000,
  path: "/clip.mp4",
};

test("a player that is scrolled away while it opens gets its first picture all the same, and then no more", async () => {
  const life = new AbortController().signal;
  const opened: OpenOptions[] = [];
  const open: Open = async (options) => {
    opened.push(options);
    return { way: "native", facts: FACTS, stream: { tend: () => {}, retry: () => {} } };
  };
  const asker = { ask: () => new Promise<never>(() => {}) };
  const playback = new Playback(new Media(CLIP, asker, life), open, life);
  const video = document.createElement("video");
  playback.attach(video);
  const ready = playback.prepare();
  await settled();
  playback.setSeen(false);
  expect(opened[0]?.appetite().aheadS).toBeGreaterThan(0);
  video.dispatchEvent(new Event("loadeddata"));
  await ready;
  expect(playback.loaded.value).toBe(1);
  expect(opened[0]?.appetite().aheadS).toBe(0);
  playback.setSeen(true);
  expect(opened[0]?.appetite().aheadS).toBeGreaterThan(0);
});

test.each([
  [{ inS: 4, outS: null }, 4],
  [{ inS: null, outS: 6 }, 0],
  [{ inS: 4, outS: 6 }, 4],
  [{ inS: null, outS: null }, 10],
])(
  "between the moments %o it plays again and again, also when one of them is the clip's own end",
  async (range, at) => {
    const life = new AbortController();
    const open: Open = async () => ({
      way: "native",
      facts: FACTS,
      stream: { tend: () => {}, retry: () => {} },
    });
    const asker = { ask: () => new Promise<never>(() => {}) };
    const playback = new Playback(new Media(CLIP, asker, life.signal), open, life.signal);
    const video = document.createElement("video");
    playback.attach(video);
    const ready = playback.prepare();
    await settled();
    video.dispatchEvent(new Event("loadeddata"));
    await ready;
    playback.setRange(range);
    video.currentTime = 10;
    video.dispatchEvent(new Event("ended"));
    expect(video.currentTime).toBe(at);
    life.abort();
  },
);
