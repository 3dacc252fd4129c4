import { expect, test } from "vitest";
import { matches, mentionAt } from "../../src/prompt-box/mention";

test.each([
  ["use @be", 7, "be"],
  ["@", 1, ""],
  ["first @a.mov then", 12, "a.mov"],
  ["line\n@x", 7, "x"],
])("in %j at %i the name is typed: %j", (text, cursor, typed) => {
  expect(mentionAt(text, cursor)).toEqual({ from: cursor - typed.length, typed });
});

test.each([
  ["me@home", 7],
  ["use @be now", 11],
  ["use @be", 4],
  ["", 0],
])("in %j at %i none is", (text, cursor) => {
  expect(mentionAt(text, cursor)).toBeUndefined();
});

test("names that begin with what is typed come first, in any case", () => {
  expect(matches(["my beach.mov", "Beach.mov", "city.mp4"], "bea")).toEqual(["Beach.mov", "my beach.mov"]);
});
