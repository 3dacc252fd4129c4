import { beforeEach, expect, test, vi } from "vitest";
import { agreedTime, aheadOf, Conductor, type Follower, nudgeFor } from "../../src/player/step";

test("a player that is in step keeps its speed, one ahead slows down, one behind hurries", () => {
  expect(nudgeFor(0.005)).toBe(1);
  expect(nudgeFor(0.05)).toBeLessThan(1);
  expect(nudgeFor(-0.05)).toBeGreaterThan(1);
});

test("nobody stops or races, however far apart they are", () => {
  expect(nudgeFor(10)).toBe(0.5);
  expect(nudgeFor(-10)).toBe(1.5);
});

test.each([0.15, -0.15, 0.04])(
  "by speed alone a gap of %s s is below a frame within half a second",
  (begin) => {
    let gap = begin;
    for (let beats = 0; beats < 12; beats++) gap -= 0.04 * (1 - nudgeFor(gap));
    expect(Math.abs(gap)).toBeLessThan(1 / 30);
  },
);

test("most decide where the group is, and of two the one behind", () => {
  expect(agreedTime([5, 5.01, 6.5, 4.99])).toBe(5);
  expect(agreedTime([5, 5.01, 3.5, 4.99])).toBe(4.99);
  expect(agreedTime([2, 3])).toBe(2);
});

test("a player that began again at the start is not ten seconds behind", () => {
  expect(aheadOf(9.9, 0.1, 10)).toBeCloseTo(0.2);
  expect(aheadOf(0.1, 9.9, 10)).toBeCloseTo(-0.2);
  expect(aheadOf(9.9, 0.1, 0)).toBeCloseTo(-9.8);
});

class FakePlayer implements Follower {
  playing = { value: true };
  loop = { value: false };
  rate = { value: 1 };
  error = { value: "" };
  duration = { value: 60 };
  ready = true;
  factor = 1;
  constructor(public exactTime: number) {}
  nudge(factor: number) {
    this.factor = factor;
  }
  async seek(seconds: number) {
    this.exactTime = seconds;
  }
  async settled() {}
}

let players: FakePlayer[];
let conductor: Conductor;

beforeEach(() => {
  players = [5, 5, 5, 5].map((at) => new FakePlayer(at));
  conductor = new Conductor(new Set(players));
});

test("one that is far off jumps to the others, not they to it", () => {
  (players[2] as FakePlayer).exactTime = 6.5;
  conductor.beat();
  expect(players.map(({ exactTime }) => exactTime)).toEqual([5, 5, expect.closeTo(5.12), 5]);
});

test("who has its picture waits for who has not", () => {
  (players[1] as FakePlayer).ready = false;
  conductor.beat();
  expect(players.map(({ factor }) => factor)).toEqual([0, 1, 0, 0]);
  (players[1] as FakePlayer).ready = true;
  conductor.beat();
  expect(players.map(({ factor }) => factor)).toEqual([1, 1, 1, 1]);
});

test("nothing goes on when nobody plays any more", () => {
  vi.useFakeTimers();
  conductor.conduct();
  for (const player of players) player.playing.value = false;
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
