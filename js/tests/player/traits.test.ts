import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { perform } from "../../src/player/group";
import { Playback } from "../../src/player/playback";
import { Media } from "../../src/player/stream/media";
import { followTraits, type PlayerTraits } from "../../src/player/traits";
import { CLIP, FakeModel, settled } from "../fakes";

const TRAITS: PlayerTraits = {
  clip: CLIP,
  current_time_s: 0,
  playing: false,
  rate: 1,
  volume: 1,
  loop: false,
  in_s: 2,
  out_s: 4,
  group: "",
  _seek: [0, 0],
  _report: [0, 0],
};

function follow(model: FakeModel<PlayerTraits>): Playback {
  const life = new AbortController().signal;
  const asker = { ask: () => new Promise<never>(() => {}) };
  const playback = new Playback(new Media(CLIP, asker, life), async () => undefined, life);
  const lead = { leads: signal(true), take: () => {} };
  followTraits(model.asModel, playback, (action) => void perform(playback, action), life, lead);
  return playback;
}

test("taking both ends of the loop away takes both away, in the page and in Python", async () => {
  const model = new FakeModel<PlayerTraits>(TRAITS);
  const playback = follow(model);
  playback.setRange({ inS: null, outS: null });
  await settled();
  expect([model.get("in_s"), model.get("out_s")]).toEqual([null, null]);
  expect([playback.inS.value, playback.outS.value]).toEqual([null, null]);
});

test("Python sets one end of the loop, and the other stays", async () => {
  const model = new FakeModel<PlayerTraits>(TRAITS);
  const playback = follow(model);
  model.set("out_s", 6);
  await settled();
  expect([playback.inS.value, playback.outS.value]).toEqual([2, 6]);
});

test("Python's seek is done, and what is reported from then on says so", async () => {
  const model = new FakeModel<PlayerTraits>(TRAITS);
  const playback = follow(model);
  playback.loaded.value = 1;
  playback.time.value = 3.2;
  expect(model.get("_report")).toEqual([0, 3.2]);
  model.set("_seek", [1, 8]);
  expect(playback.time.value).toBe(8);
  expect(model.get("_report")).toEqual([1, 8]);
});

test("a seek to where Python last heard that the playhead was is a seek", async () => {
  const model = new FakeModel<PlayerTraits>({ ...TRAITS, _seek: [1, 5] });
  const playback = follow(model);
  playback.time.value = 5.7;
  model.set("_seek", [2, 5]);
  expect(playback.time.value).toBe(5);
});

test("an old position that comes back as an echo does not move the playhead", async () => {
  const model = new FakeModel<PlayerTraits>(TRAITS);
  const playback = follow(model);
  playback.time.value = 8;
  model.set("current_time_s", 3.2);
  await settled();
  expect(playback.time.value).toBe(8);
});

test("a view opens where the last one was, or where Python wants it since", () => {
  expect(
    follow(new FakeModel<PlayerTraits>({ ...TRAITS, _seek: [1, 5], _report: [1, 6.5] })).time.value,
  ).toBe(6.5);
  expect(
    follow(new FakeModel<PlayerTraits>({ ...TRAITS, _seek: [2, 5], _report: [1, 6.5] })).time.value,
  ).toBe(5);
});
