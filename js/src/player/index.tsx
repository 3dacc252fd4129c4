import { effect } from "@preact/signals";
import { render } from "preact";
import type { VideoPlayerTraits } from "../generated/traits";
import { Rpc } from "../lib/rpc";
import { setTrait } from "../lib/traits";
import type { View } from "../lib/view";
import { type Action, type Group, groupNamed, perform } from "./group";
import type { Playback } from "./playback";
import { Player } from "./player";

/** The view of `nemo.VideoPlayer`. */
export function mountPlayer(view: View<VideoPlayerTraits>): void {
  const { model, el, signal, shared } = view;
  const clip = model.get("clip");
  if (!clip) return;
  const asker = new Rpc(model, shared, signal);
  const name = model.get("group");
  const group = name ? groupNamed(name) : undefined;
  const self = Symbol("view");
  shared.leader ??= self;
  signal.addEventListener(
    "abort",
    () => {
      render(null, el);
      if (shared.leader === self) delete shared.leader;
    },
    { once: true },
  );
  render(
    <Player
      key={clip.id}
      clip={clip}
      asker={asker}
      group={group}
      onTouch={() => {
        shared.leader = self;
      }}
      onPlayback={(playback, life) => followTraits(view, playback, group, life, () => shared.leader === self)}
    />,
    el,
  );
}

/**
 * Keep the model's traits and this view's playback the same. Of several views only the leader, the one a person touched last,
 * plays and reports: the others would answer each other's playheads.
 */
function followTraits(
  { model }: View<VideoPlayerTraits>,
  playback: Playback,
  group: Group | undefined,
  life: AbortSignal,
  leads: () => boolean,
): void {
  const act = (action: Action) => void (group ? group.perform(action, playback) : perform(playback, action));
  const on = (name: keyof VideoPlayerTraits, follow: () => void) => {
    model.on(`change:${name}`, follow);
    life.addEventListener("abort", () => model.off(`change:${name}`, follow), { once: true });
  };

  let reported = model.get("current_time_s");
  if (reported > 0) void playback.seek(reported);
  playback.setRate(model.get("rate"));
  playback.setVolume(model.get("volume"));
  playback.setLoop(model.get("loop"));
  if (model.get("playing") && leads()) void playback.play();

  on("current_time_s", () => {
    const time = model.get("current_time_s");
    if (time !== reported) act({ do: "seek", time });
  });
  on("playing", () => {
    const playing = model.get("playing");
    if (leads() && playing !== playback.playing.value) act({ do: playing ? "play" : "pause" });
  });
  on("rate", () => act({ do: "rate", rate: model.get("rate") }));
  on("volume", () => playback.setVolume(model.get("volume")));
  on("loop", () => playback.setLoop(model.get("loop")));

  const report = <K extends keyof VideoPlayerTraits>(name: K, value: () => VideoPlayerTraits[K]) => {
    let known = false; // the first value is where it starts, not news
    const stop = effect(() => {
      const now = value();
      if (known && leads()) setTrait(model, name, now);
      known = true;
    });
    life.addEventListener("abort", stop, { once: true });
  };
  report("playing", () => playback.playing.value);
  report("rate", () => playback.rate.value);
  report("volume", () => (playback.muted.value ? 0 : playback.volume.value));
  report("loop", () => playback.loop.value);

  // Four times a second while it plays, and at once when it stops or jumps.
  let last = 0;
  const stop = effect(() => {
    const time = playback.time.value;
    if (!leads() || playback.loaded.value !== 1) return;
    const now = performance.now();
    if (playback.playing.value && now - last < 250 && Math.abs(time - reported) < 1) return;
    last = now;
    reported = Math.round(time * 1000) / 1000;
    setTrait(model, "current_time_s", reported);
  });
  life.addEventListener("abort", stop, { once: true });
}
