import { expect, test } from "vitest";
import { nudgeFor } from "../../src/player/group";

test("a player within a frame of the last one keeps its speed", () => {
  expect(nudgeFor(0)).toBe(1);
  expect(nudgeFor(0.019)).toBe(1);
});

test("a player that is ahead slows down the more the further it is, never to a stop", () => {
  expect(nudgeFor(0.05)).toBeCloseTo(0.85);
  expect(nudgeFor(0.1)).toBeCloseTo(0.7);
  expect(nudgeFor(10)).toBe(0.5);
});

test("slowing down by it closes a gap of 150 ms to within a frame in half a second", () => {
  let gap = 0.15;
  for (let ticks = 0; ticks < 5; ticks++) gap -= 0.1 * (1 - nudgeFor(gap));
  expect(gap).toBeLessThan(1 / 30);
});
