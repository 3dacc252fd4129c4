import type { AnyModel } from "@anywidget/types";
import { effect } from "@preact/signals";
import type { VideoPlayerTraits } from "../generated/traits";
import { setTrait } from "../lib/traits";
import type { Action } from "./group";
import type { Leadership } from "./leader";
import type { Playback } from "./playback";

const REPORT_MS = 1000; // what Python sets while a report is under way, ipywidgets takes for old: so they are few

/** Keep the model's traits and this view's playback the same, until `life` aborts. */
export function followTraits(
  model: AnyModel<VideoPlayerTraits>,
  playback: Playback,
  act: (action: Action) => void,
  life: AbortSignal,
  { leads }: Leadership,
): void {
  const on = (name: keyof VideoPlayerTraits, follow: () => void) => {
    model.on(`change:${name}`, follow);
    life.addEventListener("abort", () => model.off(`change:${name}`, follow), { once: true });
  };
  const always = (follow: () => void) => life.addEventListener("abort", effect(follow), { once: true });

  let reported = model.get("current_time_s");
  if (reported > 0) playback.time.value = reported; // it opens there
  playback.setRate(model.get("rate"));
  playback.setVolume(model.get("volume"));
  playback.setLoop(model.get("loop"));
  playback.setRange({ inS: model.get("in_s"), outS: model.get("out_s") });
  always(() => {
    if (leads.value && model.get("playing")) void playback.play();
  });

  on("current_time_s", () => {
    const time = model.get("current_time_s");
    if (time !== reported) act({ do: "seek", time });
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

  const report = <K extends keyof VideoPlayerTraits>(name: K, value: () => VideoPlayerTraits[K]) => {
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
    setTrait(model, "current_time_s", reported);
  });
}
