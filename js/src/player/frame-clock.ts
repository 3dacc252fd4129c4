/** Tells where the picture on the screen is: by its frames where the browser reports them, else by the playhead. */
export class FrameClock {
  readonly #video: HTMLVideoElement;
  #frame: { time: number; shownAt: number } | undefined;

  constructor(video: HTMLVideoElement, signal: AbortSignal) {
    this.#video = video;
    const forget = () => {
      this.#frame = undefined;
    };
    for (const name of ["seeking", "waiting", "emptied"] as const)
      video.addEventListener(name, forget, { signal });
    if ("requestVideoFrameCallback" in video) this.#follow(signal);
  }

  /** Seconds, at this moment, between two frames too. */
  get time(): number {
    const { paused, seeking, currentTime, playbackRate } = this.#video;
    if (!this.#frame || paused || seeking) return currentTime;
    const since = (performance.now() - this.#frame.shownAt) / 1000;
    return since < STALE_S ? this.#frame.time + since * playbackRate : currentTime;
  }

  #follow(signal: AbortSignal): void {
    const video = this.#video;
    let handle = 0;
    const next = () => {
      handle = video.requestVideoFrameCallback((_now, { mediaTime, expectedDisplayTime }) => {
        this.#frame = { time: mediaTime, shownAt: expectedDisplayTime };
        next();
      });
    };
    next();
    signal.addEventListener("abort", () => video.cancelVideoFrameCallback(handle));
  }
}

const STALE_S = 0.25;
