import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { VideoPlayerTraits } from "../../src/generated/traits";
import { perform } from "../../src/player/group";
import { Playback } from "../../src/player/playback";
import { Media } from "../../src/player/stream/media";
import { followTraits } from "../../src/player/traits";
import { CLIP, FakeModel, settled } from "../fakes";

const TRAITS: VideoPlayerTraits = {
  clip: CLIP,
  current_time_s: 0,
  playing: false,
  rate: 1,
  volume: 1,
  loop: false,
  in_s: 2,
  out_s: 4,
  group: "",
};

function follow(model: FakeModel<VideoPlayerTraits>): Playback {
  const life = new AbortController().signal;
  const asker = { ask: () => new Promise<never>(() => {}) };
  const playback = new Playback(new Media(CLIP, asker, life), async () => undefined, life);
  const lead = { leads: signal(true), take: () => {} };
  followTraits(model.asModel, playback, (action) => void perform(playback, action), life, lead);
  return playback;
}

test("taking both ends of the loop away takes both away, in the page and in Python", async () => {
  const model = new FakeModel<VideoPlayerTraits>(TRAITS);
  const playback = follow(model);
  playback.setRange({ inS: null, outS: null });
  await settled();
  expect([model.get("in_s"), model.get("out_s")]).toEqual([null, null]);
  expect([playback.inS.value, playback.outS.value]).toEqual([null, null]);
});

test("Python sets one end of the loop, and the other stays", async () => {
  const model = new FakeModel<VideoPlayerTraits>(TRAITS);
  const playback = follow(model);
  model.set("out_s", 6);
  await settled();
  expect([playback.inS.value, playback.outS.value]).toEqual([2, 6]);
});
