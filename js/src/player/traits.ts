import type { AnyModel } from "@anywidget/types";
import { effect } from "@preact/signals";
import type { VideoPlayerTraits } from "../generated/traits";
import { setTrait } from "../lib/traits";
import type { Action } from "./group";
import type { Leadership } from "./leader";
import type { Playback } from "./playback";

const REPORT_MS = 1000;

/**
 * The traits with those that only the two sides know: the last seek of Python's, with a number, and where the playhead is,
 * with the number of the seek that came before. Together in one trait: what waits to be sent is replaced as a whole.
 */
export interface PlayerTraits extends VideoPlayerTraits {
  _seek: [number: number, timeS: number];
  _report: [sought: number, timeS: number];
}

/** Keep the model's traits and this view's playback the same, until `life` aborts. */
export function followTraits(
  model: AnyModel<PlayerTraits>,
  playback: Playback,
  act: (action: Action) => void,
  life: AbortSignal,
  { leads }: Leadership,
): void {
  const on = (name: keyof PlayerTraits, follow: () => void) => {
    model.on(`change:${name}`, follow);
    life.addEventListener("abort", () => model.off(`change:${name}`, follow));
  };
  const always = (follow: () => void) => life.addEventListener("abort", effect(follow));

  let [[sought, target], [before, reported]] = [model.get("_seek"), model.get("_report")];
  if (sought !== before) reported = target;
  if (reported > 0) playback.time.value = reported; // it opens there
  playback.setRate(model.get("rate"));
  playback.setVolume(model.get("volume"));
  playback.setLoop(model.get("loop"));
  playback.setRange({ inS: model.get("in_s"), outS: model.get("out_s") });
  always(() => {
    if (leads.value && model.get("playing")) void playback.play();
  });

  on("_seek", () => {
    [sought, target] = model.get("_seek");
    act({ do: "seek", time: target });
  });
  on("playing", () => {
    const playing = model.get("playing");
    if (leads.peek() && playing !== playback.playing.peek()) act({ do: playing ? "play" : "pause" });
  });
  on("rate", () => act({ do: "rate", rate: model.get("rate") }));
  on("volume", () => playback.setVolume(model.get("volume")));
  on("loop", () => act({ do: "loop", loop: model.get("loop") }));
  // Each for itself: while the one is written the other is still what it was.
  on("in_s", () => {
    const [inS, outS] = [model.get("in_s"), playback.outS.peek()];
    if (inS !== playback.inS.peek()) act({ do: "range", range: { inS, outS } });
  });
  on("out_s", () => {
    const [inS, outS] = [playback.inS.peek(), model.get("out_s")];
    if (outS !== playback.outS.peek()) act({ do: "range", range: { inS, outS } });
  });

  const report = <K extends keyof PlayerTraits>(name: K, value: () => PlayerTraits[K]) => {
    let known = false; // the first value is where it starts, not news
    always(() => {
      const now = value();
      if (known && leads.peek()) setTrait(model, name, now);
      known = true;
    });
  };
  report("playing", () => playback.playing.value);
  report("rate", () => playback.rate.value);
  report("volume", () => (playback.muted.value ? 0 : playback.volume.value));
  report("loop", () => playback.loop.value);
  report("in_s", () => playback.inS.value);
  report("out_s", () => playback.outS.value);

  // Now and then while it plays, and at once when it stops or jumps.
  let last = 0;
  always(() => {
    const time = playback.time.value;
    const playing = playback.playing.value;
    if (!leads.value || playback.loaded.value !== 1) return;
    const now = performance.now();
    if (playing && now - last < REPORT_MS && Math.abs(time - reported) < 1) return;
    last = now;
    reported = Math.round(time * 1000) / 1000;
    setTrait(model, "_report", [sought, reported]);
  });
}
