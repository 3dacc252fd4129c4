import { expect, test } from "vitest";
import { clockTime, elapsed, fileSize } from "../../src/lib/words";

test.each([
  [0, "0:00"],
  [59.99, "0:59"],
  [61, "1:01"],
  [3723, "1:02:03"],
  [Number.NaN, "0:00"],
])("%s seconds on the clock are %s", (seconds, words) => expect(clockTime(seconds)).toBe(words));

test.each([
  [999, "999 B"],
  [3_400_000, "3.4 MB"],
  [999_700, "1.0 MB"],
  [214_000_000, "214 MB"],
])("%s bytes are %s", (bytes, words) => expect(fileSize(bytes)).toBe(words));

test.each([
  [12.9, "12 s"],
  [125, "2 min 5 s"],
])("%s seconds of waiting are %s", (seconds, words) => expect(elapsed(seconds)).toBe(words));
