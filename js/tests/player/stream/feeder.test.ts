import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Buffer } from "../../../src/player/stream/buffer";
import { type Appetite, Feeder } from "../../../src/player/stream/feeder";
import type { Piece } from "../../../src/player/stream/pieces";
import { FakePlayhead, FakeSourceBuffer, piece } from "./fakes";

const CLIP_S = 60;
let source: FakeSourceBuffer;
let video: FakePlayhead;
let life: AbortController;
let appetite: Appetite;
let asked: { time: number; lengthS: number; continues: boolean }[];
let errors: unknown[];
let lasts: number;
let answer: (time: number, lengthS: number, signal: AbortSignal) => Promise<Piece>;
let feeder: Feeder;

beforeEach(() => {
  vi.useFakeTimers();
  source = new FakeSourceBuffer();
  video = new FakePlayhead();
  life = new AbortController();
  appetite = { aheadS: 10, aheadBytes: 1e9, behindS: 5, behindBytes: 1e9 };
  asked = [];
  errors = [];
  lasts = 0;
  // Keyframes stand every two seconds.
  answer = async (time, lengthS) => {
    const continues = asked.at(-1)?.continues;
    const end = Math.min(CLIP_S, time + lengthS);
    return piece(continues ? time : Math.floor(time / 2) * 2, end, { last: end === CLIP_S });
  };
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

function feed(): void {
  feeder = new Feeder({
    video: video as never,
    buffer: new Buffer(source as never, life.signal),
    fetch: (time, lengthS, continues, signal) => {
      asked.push({ time, lengthS, continues });
      return answer(time, lengthS, signal);
    },
    appetite: () => appetite,
    onLast: () => {
      lasts++;
    },
    onError: (error) => errors.push(error),
    signal: life.signal,
  });
}

const calm = () => vi.advanceTimersByTimeAsync(500);
const held = () => source.spans;

test("it begins with a quarter of a second, then asks for more at a time, each where the last one ended", async () => {
  feed();
  await calm();
  expect(asked.slice(0, 5)).toEqual([
    { time: 0, lengthS: 0.25, continues: false },
    { time: 0.25, lengthS: 0.5, continues: true },
    { time: 0.75, lengthS: 1, continues: true },
    { time: 1.75, lengthS: 2, continues: true },
    { time: 3.75, lengthS: 2, continues: true },
  ]);
  expect(held()).toEqual([{ start: 0, end: 11.75 }]); // and stops when there is enough
});

test("it keeps ahead of the playhead and lets go of what lies far behind, up to a keyframe", async () => {
  feed();
  for (let time = 0; time <= 30; time += 0.25) {
    video.reach(time);
    await calm();
  }
  const [only, ...others] = held();
  expect(others).toEqual([]);
  expect(only?.end).toBeGreaterThanOrEqual(40);
  expect(only?.end).toBeLessThan(43);
  expect(only?.start).toBeGreaterThan(20);
  expect(only?.start).toBeLessThanOrEqual(25);
});

test("what holds no keyframe is kept: to remove up to the next one would take the picture that is shown", async () => {
  const plain = answer;
  answer = async (...wanted) => ({ ...(await plain(...wanted)), keyframe: false });
  feed();
  for (let time = 0; time <= 20; time += 1) {
    video.reach(time);
    await calm();
  }
  expect(source.removed).toEqual([]);
});

test("a seek cancels what is under way and asks at the target from a keyframe", async () => {
  let cancelled = 0;
  const plain = answer;
  answer = (time, lengthS, signal) =>
    time === 0
      ? new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            cancelled++;
            reject(signal.reason);
          });
        })
      : plain(time, lengthS, signal);
  feed();
  await calm();
  video.currentTime = 41;
  await calm();
  expect(cancelled).toBe(1);
  expect(asked[1]).toEqual({ time: 41, lengthS: 0.25, continues: false });
  expect(held()[0]).toMatchObject({ start: 40 });
  expect(errors).toEqual([]);
});

test("a seek into what is held asks for nothing that is held", async () => {
  feed();
  await calm();
  const before = asked.length;
  video.currentTime = 5;
  await calm();
  expect(asked.slice(before).every(({ time }) => time >= 11.75)).toBe(true);
});

test("seeking back and forth begins the far end at a keyframe again", async () => {
  appetite.behindS = 100;
  feed();
  await calm();
  video.currentTime = 40.5;
  await calm();
  asked.length = 0;
  video.currentTime = 5;
  await calm();
  expect(asked[0]).toMatchObject({ time: 11.75, continues: false });
});

test("dragging asks for some of the places, and for the last one", async () => {
  feed();
  await calm();
  asked.length = 0;
  for (let time = 20; time < 50; time += 1) {
    video.currentTime = time;
    await vi.advanceTimersByTimeAsync(16);
  }
  await calm();
  expect(asked.filter(({ continues }) => !continues).length).toBeLessThan(12);
  expect(held().some(({ start, end }) => start <= 49 && end > 49)).toBe(true);
});

test("a full buffer gives up what lies behind, then waits for the playhead", async () => {
  source.limit = 6;
  feed();
  await calm();
  expect(held()[0]?.end).toBeLessThanOrEqual(6);
  for (let time = 0; time <= 12; time += 0.25) {
    video.reach(time);
    await calm();
  }
  expect(held().some(({ start, end }) => start <= 12 && end > 12)).toBe(true);
  expect(errors).toEqual([]);
});

test("the end of the clip is said, again after a removal, and nothing is asked beyond it", async () => {
  feed();
  await calm();
  video.currentTime = 55;
  await calm();
  expect(lasts).toBeGreaterThan(0);
  const count = asked.length;
  lasts = 0;
  video.reach(59.9);
  await calm();
  expect(asked.length).toBe(count);
  expect(lasts).toBeGreaterThan(0);
});

test("without appetite nothing is fetched, and what is under way is cancelled", async () => {
  let cancelled = false;
  answer = (_time, _lengthS, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        cancelled = true;
        reject(signal.reason);
      });
    });
  feed();
  await calm();
  appetite = { ...appetite, aheadS: 0 };
  feeder.tend();
  await calm();
  expect(cancelled).toBe(true);
  expect(asked.length).toBe(1);
});

test("an error is told once; it goes on when asked to", async () => {
  const plain = answer;
  answer = async () => {
    throw new Error("the disk is gone");
  };
  feed();
  await calm();
  expect(errors).toEqual([new Error("the disk is gone")]);
  answer = plain;
  feeder.retry();
  await calm();
  expect(held()).toEqual([{ start: 0, end: 11.75 }]);
});

test("when who answers has gone it does not ask again at once, but at the next seek", async () => {
  const plain = answer;
  answer = async () => {
    if (asked.length > 20) life.abort(); // a loop without end would never let the test fail
    throw new DOMException("Aborted: the answer is not wanted any more.", "AbortError");
  };
  feed();
  await calm();
  expect(asked).toHaveLength(1);
  expect(errors).toEqual([]);
  answer = plain;
  video.currentTime = 30;
  await calm();
  expect(held()[0]).toMatchObject({ start: 30 });
});
