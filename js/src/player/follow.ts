import type { Playback } from "./playback";

interface Heard {
  started(): void;
  ended(): void;
  paceChanged(): void;
  failed(): void;
}

/** Keep a playback's signals as its element says, until `signal` aborts. */
export function follow(playback: Playback, video: HTMLVideoElement, signal: AbortSignal, heard: Heard): void {
  const on = (names: readonly (keyof HTMLMediaElementEventMap)[], listener: () => void) => {
    for (const name of names) video.addEventListener(name, listener, { signal });
  };
  on(["play"], () => {
    playback.playing.value = true;
    heard.started();
  });
  on(["pause"], () => {
    playback.playing.value = false;
    playback.follow();
  });
  on(["timeupdate", "seeked", "seeking", "ended"], () => playback.follow());
  on(["ended"], heard.ended);
  on(["waiting"], () => {
    playback.waiting.value = true;
  });
  on(["seeking"], () => {
    playback.waiting.value = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  });
  on(["playing", "canplay", "seeked", "emptied", "ended"], () => {
    playback.waiting.value = false;
  });
  on(["play", "pause", "ratechange"], heard.paceChanged);
  on(["durationchange"], () => {
    if (Number.isFinite(video.duration)) playback.duration.value = video.duration;
  });
  on(["volumechange"], () => {
    playback.volume.value = video.volume;
    playback.muted.value = video.muted;
    if (!video.muted) playback.silenced.value = false;
  });
  on(["ratechange"], () => {
    if (Math.abs(video.playbackRate - playback.pace) > 1e-3) playback.rate.value = video.playbackRate;
  });
  on(["error"], () => {
    if (playback.loaded.value === 1) heard.failed(); // an error while it opens is told there
  });
}
