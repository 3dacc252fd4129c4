import { beforeEach, expect, test } from "vitest";
import type { Action } from "../../src/player/group";
import { type Keyboard, runKey, SHORTCUTS } from "../../src/player/keymap";
import { Playback } from "../../src/player/playback";
import { Media } from "../../src/player/stream/media";
import { CLIP } from "../fakes";

let actions: Action[];
let keyboard: Keyboard;
let helped: number;

beforeEach(() => {
  actions = [];
  helped = 0;
  const asker = { ask: () => new Promise<never>(() => {}) };
  const media = new Media(CLIP, asker, new AbortController().signal);
  const playback = new Playback(media, () => Promise.resolve(undefined), new AbortController().signal);
  playback.time.value = 8;
  keyboard = {
    playback,
    act: (action) => actions.push(action),
    toggleFullScreen: () => {},
    toggleHelp: () => {
      helped += 1;
    },
  };
});

function press(
  key: string,
  init: KeyboardEventInit = {},
  on: HTMLElement = document.createElement("div"),
): boolean {
  let taken = false;
  on.addEventListener("keydown", (event) => {
    taken = runKey(event, keyboard);
  });
  on.dispatchEvent(new KeyboardEvent("keydown", { key, ...init }));
  return taken;
}

test.each<[string, Action]>([
  [" ", { do: "play" }],
  ["K", { do: "play" }],
  ["ArrowLeft", { do: "seek", time: 3 }],
  ["l", { do: "seek", time: 18 }],
  [",", { do: "step", frames: -1 }],
  [".", { do: "step", frames: 1 }],
  [">", { do: "rate", rate: 1.25 }],
  ["<", { do: "rate", rate: 0.75 }],
  ["i", { do: "range", range: { inS: 8, outS: null } }],
  ["o", { do: "range", range: { inS: null, outS: 8 } }],
  ["x", { do: "range", range: { inS: null, outS: null } }],
])("%s does what the help card says", (key, action) => {
  expect(press(key)).toBe(true);
  expect(actions).toEqual([action]);
});

test("a key with Ctrl belongs to the page", () => {
  expect(press("l", { ctrlKey: true })).toBe(false);
  expect(actions).toEqual([]);
});

test("Space on a button presses the button, not the player", () => {
  expect(press(" ", {}, document.createElement("button"))).toBe(false);
});

test("the help card opens on ?, and lists every key once", () => {
  press("?");
  expect(helped).toBe(1);
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
});
