import { signal } from "@preact/signals";
import type { ClipFacts } from "../generated/messages";
import { inWords, isAbort } from "../lib/rpc";

export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4] as const;

/** Gives the bytes of the clip when they are first needed. */
export type Load = (signal: AbortSignal, onProgress: (fraction: number) => void) => Promise<Blob>;

/** One `<video>` and what is known of it, as signals. Ends with its signal. */
export class Playback {
  readonly playing = signal(false);
  readonly time = signal(0);
  readonly duration = signal(0);
  readonly volume = signal(1);
  readonly muted = signal(false);
  readonly rate = signal(1);
  readonly loop = signal(false);
  readonly ended = signal(false);
  /** 0 to 1 while the bytes arrive, 1 when they are here, null before anybody asked. */
  readonly loaded = signal<number | null>(null);
  readonly error = signal("");
  /** The browser refused sound before a click: it plays, silently. */
  readonly silenced = signal(false);

  readonly #clip: ClipFacts;
  readonly #load: Load;
  readonly #signal: AbortSignal;
  #video: HTMLVideoElement | undefined;
  #ready: Promise<void> | undefined;
  #nudge = 1;

  constructor(clip: ClipFacts, load: Load, signal: AbortSignal) {
    this.#clip = clip;
    this.#load = load;
    this.#signal = signal;
    this.duration.value = clip.duration_s;
  }

  get frameS(): number {
    return 1 / (this.#clip.fps || 30);
  }

  attach(video: HTMLVideoElement): void {
    if (this.#video === video) return;
    this.#video = video;
    const on = (name: keyof HTMLMediaElementEventMap, listener: () => void) =>
      video.addEventListener(name, listener, { signal: this.#signal });
    const follow = () => {
      this.time.value = video.currentTime;
      this.ended.value = video.ended;
    };
    on("play", () => {
      this.playing.value = true;
      this.#followFrames(video, follow);
    });
    on("pause", () => {
      this.playing.value = false;
      follow();
    });
    for (const name of ["timeupdate", "seeked", "seeking", "ended"] as const) on(name, follow);
    on("durationchange", () => {
      if (Number.isFinite(video.duration)) this.duration.value = video.duration;
    });
    on("volumechange", () => {
      this.volume.value = video.volume;
      this.muted.value = video.muted;
      if (!video.muted) this.silenced.value = false;
    });
    on("ratechange", () => {
      if (video.playbackRate !== this.rate.value * this.#nudge) this.rate.value = video.playbackRate;
    });
    this.#signal.addEventListener("abort", () => video.pause(), { once: true });
  }

  /** Fetch the bytes, once; resolves when the first picture can be shown. Failures are shown, not thrown. */
  prepare(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      this.loaded.value = null;
      if (!isAbort(error) && !this.#signal.aborted) this.error.value = inWords(error);
    });
    return this.#ready;
  }

  async play(): Promise<void> {
    await this.prepare();
    const video = this.#video;
    if (!video?.src || this.#signal.aborted) return;
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === "NotAllowedError" && !video.muted) {
        video.muted = true;
        this.silenced.value = true;
        await this.play();
      } else if (error.name !== "AbortError") {
        this.error.value = `The browser cannot play ${this.#clip.name}: ${error.message}`;
      }
    }
  }

  pause(): void {
    this.#video?.pause();
  }

  /** Move the playhead, to the middle of a frame when `seconds` is a frame's start: browsers round down. */
  async seek(seconds: number): Promise<void> {
    const target = Math.min(Math.max(0, seconds), this.duration.value || 0);
    this.time.value = target;
    await this.prepare();
    if (this.#video?.src) this.#video.currentTime = target;
  }

  /** Resolves when the last seek has its picture: from then on `play` starts without a wait. */
  async settled(): Promise<void> {
    const video = this.#video;
    if (!video?.seeking || this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = { once: true, signal: this.#signal };
      video.addEventListener("seeked", () => resolve(), done);
      video.addEventListener("error", () => resolve(), done);
      this.#signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Where the picture is now; `time` is what it was at the last event. */
  get exactTime(): number {
    return this.#video?.currentTime ?? 0;
  }

  /** Play a little faster or slower than `rate` says, to come into step with others; 1 is exactly. */
  nudge(factor: number): void {
    if (!this.#video || factor === this.#nudge) return;
    this.#nudge = factor;
    this.#video.playbackRate = this.rate.value * factor;
  }

  async step(frames: number): Promise<void> {
    this.pause();
    const frame = Math.floor(this.time.value / this.frameS + 1e-3) + frames;
    await this.seek((frame + 0.5) * this.frameS);
  }

  setRate(rate: number): void {
    if (!this.#video) return;
    this.rate.value = rate;
    this.#video.defaultPlaybackRate = rate; // survives a change of source
    this.#video.playbackRate = rate * this.#nudge;
  }

  setVolume(volume: number): void {
    if (!this.#video) return;
    if (volume > 0) this.#video.volume = Math.min(volume, 1); // at 0 the old volume waits for "sound on"
    this.#video.muted = volume <= 0;
  }

  toggleMuted(): void {
    if (this.#video) this.#video.muted = !this.#video.muted;
  }

  setLoop(loop: boolean): void {
    this.loop.value = loop;
    if (this.#video) this.#video.loop = loop;
  }

  toggleCaptions(): void {
    for (const track of this.#video?.textTracks ?? []) {
      track.mode = track.mode === "showing" ? "hidden" : "showing";
    }
  }

  async #prepare(): Promise<void> {
    const video = this.#video;
    if (!video) throw new Error("The player is not in the page.");
    this.error.value = "";
    this.loaded.value = 0;
    const blob = await this.#load(this.#signal, (fraction) => {
      this.loaded.value = fraction;
    });
    this.#signal.throwIfAborted();
    const url = URL.createObjectURL(blob);
    this.#signal.addEventListener(
      "abort",
      () => {
        video.removeAttribute("src");
        video.load(); // lets go of the decoder
        URL.revokeObjectURL(url);
      },
      { once: true },
    );
    await new Promise<void>((resolve, reject) => {
      const once = { once: true, signal: this.#signal };
      video.addEventListener("loadeddata", () => resolve(), once);
      video.addEventListener(
        "error",
        () =>
          reject(
            new Error(`This browser cannot play ${this.#clip.name}. Its file is intact: open it elsewhere.`),
          ),
        once,
      );
      this.#signal.addEventListener("abort", () => reject(this.#signal.reason), { once: true });
      video.src = url;
    });
    this.loaded.value = 1;
  }

  #followFrames(video: HTMLVideoElement, follow: () => void): void {
    const tick = () => {
      if (video.paused || this.#signal.aborted) return;
      follow();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
}
