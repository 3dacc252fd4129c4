import type { Action } from "./group";
import { type Playback, RATES } from "./playback";
import { beginAt, endAt } from "./range";

/** What keys can do to a player, beyond the playback itself. */
export interface Keyboard {
  playback: Playback;
  act(action: Action): void;
  toggleFullScreen(): void;
  toggleHelp(): void;
}

interface Shortcut {
  keys: readonly string[];
  shown: string;
  does: string;
  run(on: Keyboard, key: string): void;
}

const seekBy = (on: Keyboard, seconds: number) =>
  on.act({ do: "seek", time: on.playback.time.value + seconds });

const rateBy = (on: Keyboard, steps: number) => {
  const at = RATES.findIndex((rate) => rate >= on.playback.rate.value);
  const rate = RATES[Math.min(Math.max(0, at + steps), RATES.length - 1)];
  if (rate !== undefined) on.act({ do: "rate", rate });
};

const toggleCaptions = (video: HTMLVideoElement | undefined) => {
  for (const track of video?.textTracks ?? []) track.mode = track.mode === "showing" ? "hidden" : "showing";
};

/** The keymap, as media-chrome has it, with `,` and `.` for a frame; the help card lists it. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: [" ", "k"],
    shown: "Space, K",
    does: "play or pause",
    run: (on) => on.act({ do: on.playback.playing.value ? "pause" : "play" }),
  },
  {
    keys: ["ArrowLeft", "ArrowRight"],
    shown: "← →",
    does: "5 seconds back, forward",
    run: (on, key) => seekBy(on, key === "ArrowLeft" ? -5 : 5),
  },
  {
    keys: ["j", "l"],
    shown: "J, L",
    does: "10 seconds back, forward",
    run: (on, key) => seekBy(on, key === "j" ? -10 : 10),
  },
  {
    keys: [",", "."],
    shown: ", .",
    does: "one frame back, forward",
    run: (on, key) => on.act({ do: "step", frames: key === "," ? -1 : 1 }),
  },
  {
    keys: ["<", ">"],
    shown: "< >",
    does: "slower, faster",
    run: (on, key) => rateBy(on, key === "<" ? -1 : 1),
  },
  {
    keys: ["i", "o"],
    shown: "I, O",
    does: "loop from here, to here",
    run: (on, key) => {
      const { time, inS, outS } = on.playback;
      const range = { inS: inS.value, outS: outS.value };
      on.act({ do: "range", range: key === "i" ? beginAt(time.value, range) : endAt(time.value, range) });
    },
  },
  {
    keys: ["x"],
    shown: "X",
    does: "play all of it again",
    run: (on) => on.act({ do: "range", range: { inS: null, outS: null } }),
  },
  { keys: ["m"], shown: "M", does: "sound on or off", run: (on) => on.playback.toggleMuted() },
  {
    keys: ["c"],
    shown: "C",
    does: "captions, if there are any",
    run: (on) => toggleCaptions(on.playback.video),
  },
  { keys: ["f"], shown: "F", does: "full screen", run: (on) => on.toggleFullScreen() },
  { keys: ["?"], shown: "?", does: "this card", run: (on) => on.toggleHelp() },
];

/** Do what a key stands for; false when it stands for nothing here, or belongs to the control that has the focus. */
export function runKey(event: KeyboardEvent, on: Keyboard): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = event.target;
  if (target instanceof HTMLSelectElement) return false;
  if (target instanceof HTMLButtonElement && key === " ") return false;
  if (target instanceof HTMLInputElement && target.dataset.keys === "own" && key.startsWith("Arrow"))
    return false;
  const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(key));
  shortcut?.run(on, key);
  return shortcut !== undefined;
}
