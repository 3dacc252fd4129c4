import { batch, signal } from "@preact/signals";
import type { MediaFacts } from "../generated/messages";
import { inWords, isAbort, KernelLost } from "../lib/rpc";
import { openFirst, type Playing } from "./first-picture";
import { follow } from "./follow";
import { FrameClock } from "./frame-clock";
import type { Range } from "./range";
import { settled } from "./settled";
import { appetiteOf } from "./stream/appetite";
import type { Appetite } from "./stream/feeder";
import type { Media } from "./stream/media";
import type { Open, Way } from "./stream/open";

export const RATES = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;

/** One `<video>` and what is known of it, as signals. Ends with its signal. */
export class Playback {
  readonly playing = signal(false);
  readonly time = signal(0);
  readonly duration = signal(0);
  readonly volume = signal(1);
  readonly muted = signal(false);
  readonly rate = signal(1);
  readonly loop = signal(false);
  /** The ends of the stretch that plays again and again; null where it has none. */
  readonly inS = signal<number | null>(null);
  readonly outS = signal<number | null>(null);
  readonly ended = signal(false);
  /** 0 to 1 while the first picture, or a whole clip, is awaited; 1 when it is here, null before anybody asked. */
  readonly loaded = signal<number | null>(null);
  /** It would go on if it had more of the clip. */
  readonly waiting = signal(false);
  readonly error = signal("");
  /** The browser refused sound before a click: it plays, silently. */
  readonly silenced = signal(false);
  readonly facts = signal<MediaFacts | null>(null);
  readonly way = signal<Way | null>(null);
  readonly media: Media;

  readonly #open: Open;
  readonly #signal: AbortSignal;
  #video: HTMLVideoElement | undefined;
  #clock: FrameClock | undefined;
  #ready: Promise<void> | undefined;
  #opened: Playing | undefined;
  readonly #failed = new Set<Way>();
  #nudge = 1;
  #seen = true;
  #started = false;

  constructor(media: Media, open: Open, signal: AbortSignal) {
    this.media = media;
    this.#open = open;
    this.#signal = signal;
    this.duration.value = media.clip.duration_s;
  }

  /** Seconds from one frame to the next. */
  get frameS(): number {
    return 1 / (this.facts.value?.fps || this.media.clip.fps || 30);
  }

  /** The number of the frame that is shown, from 0. */
  get frame(): number {
    return Math.min(Math.floor(this.time.value / this.frameS + 1e-3), this.#lastFrame); // the very end is no frame
  }

  get #lastFrame(): number {
    return Math.max(0, Math.ceil(this.duration.value / this.frameS - 1e-3) - 1);
  }

  /** How fast the element is to go, to keep in step with others too. */
  get pace(): number {
    return this.rate.value * this.#nudge;
  }

  /** Take over where the element is. */
  follow(): void {
    if (!this.#video || this.loaded.value !== 1) return; // it opens where `time` says
    this.time.value = this.#video.currentTime;
    this.ended.value = this.#video.ended;
  }

  /** The element itself, for what only it can do, such as picture-in-picture. */
  get video(): HTMLVideoElement | undefined {
    return this.#video;
  }

  attach(video: HTMLVideoElement): void {
    if (this.#video === video) return;
    this.#video = video;
    this.#clock = new FrameClock(video, this.#signal);
    follow(this, video, this.#signal, {
      started: () => {
        this.#started = true;
        this.#whilePlaying(video);
      },
      ended: () => this.#again(),
      paceChanged: () => this.#opened?.stream.tend(),
      failed: () => void this.#reopen(),
    });
    this.#signal.addEventListener("abort", () => video.pause());
  }

  /** Fetch what is needed for the first picture, once; resolves when it can be shown. Failures are shown, not thrown. */
  prepare(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      this.loaded.value = null;
      this.#tell(error);
    });
    return this.#ready;
  }

  async play(): Promise<void> {
    await this.prepare();
    const video = this.#video;
    if (!video || this.loaded.value !== 1 || this.#signal.aborted) return;
    const end = this.outS.value;
    if (end !== null && video.currentTime >= end - this.frameS) this.#jump(this.inS.value ?? 0);
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (error.name === "NotAllowedError" && !video.muted) {
        video.muted = true;
        this.silenced.value = true;
        await this.play();
      } else if (error.name !== "AbortError") {
        this.error.value = `The browser cannot play ${this.media.clip.name}: ${error.message}`;
      }
    }
  }

  pause(): void {
    this.#video?.pause();
  }

  /** Try again after an error, with all ways of getting the clip. */
  async retry(): Promise<void> {
    this.error.value = "";
    this.#failed.clear();
    if (this.loaded.value === 1 && !this.#video?.error) this.#opened?.stream.retry();
    else await this.#reopen();
  }

  /** Move the playhead. */
  async seek(seconds: number): Promise<void> {
    const target = Math.min(Math.max(0, seconds), this.duration.value || 0);
    this.time.value = target;
    await this.prepare();
    this.#jump(target);
  }

  /** Resolves when the last seek has its picture: from then on `play` starts without a wait. */
  async settled(): Promise<void> {
    if (this.#video && !this.#signal.aborted) await settled(this.#video, this.#signal);
  }

  /** Where the picture is now; `time` is what it was at the last event. */
  get exactTime(): number {
    return this.#clock?.time ?? 0;
  }

  /** Whether it would go on at this moment: not while it seeks, or has nothing to show. */
  get ready(): boolean {
    const video = this.#video;
    return !!video && !video.seeking && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** Play a little faster or slower than `rate` says, to come into step with others; 1 is exactly, 0 stands still. */
  nudge(factor: number): void {
    if (!this.#video || factor === this.#nudge) return;
    this.#nudge = factor;
    this.#video.playbackRate = this.pace;
  }

  /** Go to the middle of another frame: browsers round down. */
  async step(frames: number): Promise<void> {
    this.pause();
    const frame = Math.min(Math.max(0, this.frame + frames), this.#lastFrame);
    await this.seek((frame + 0.5) * this.frameS);
  }

  setRate(rate: number): void {
    this.rate.value = Math.min(4, Math.max(0.1, rate));
    if (!this.#video) return;
    this.#video.defaultPlaybackRate = this.rate.value; // survives a change of source
    this.#video.playbackRate = this.pace;
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
    this.#loopWhole();
  }

  /** Let it play between two moments; null is the clip's own end. */
  setRange({ inS, outS }: Range): void {
    batch(() => {
      this.inS.value = inS;
      this.outS.value = outS;
    });
    this.#loopWhole();
  }

  /** Whether the player is on the screen: elsewhere it fetches nothing, unless it plays. */
  setSeen(seen: boolean): void {
    this.#seen = seen;
    this.#opened?.stream.tend();
  }

  #jump(time: number): void {
    if (this.#video && this.loaded.value === 1) this.#video.currentTime = time;
  }

  /** Whether it plays in circles: from or to a moment always, else when the person wants it. */
  get #circles(): boolean {
    return this.loop.value || this.inS.value !== null || this.outS.value !== null;
  }

  #loopWhole(): void {
    if (this.#video)
      this.#video.loop = this.loop.value && this.inS.value === null && this.outS.value === null;
  }

  #again(): void {
    if (!this.#circles) return;
    this.#jump(this.inS.value ?? 0);
    void this.play();
  }

  #whilePlaying(video: HTMLVideoElement): void {
    const tick = () => {
      if (video.paused || this.#signal.aborted) return;
      const end = this.outS.value ?? (this.inS.value === null ? null : this.duration.value - this.frameS / 2);
      if (end !== null && this.#circles && !video.seeking && this.exactTime >= end)
        this.#jump(this.inS.value ?? 0);
      this.follow();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  async #prepare(): Promise<void> {
    const video = this.#video;
    if (!video) throw new Error("The player is not in the page.");
    this.error.value = "";
    this.loaded.value = 0;
    const opened = await openFirst(this.#open, {
      video,
      media: this.media,
      startS: this.time.value,
      without: this.#failed,
      appetite: () => this.#appetite(),
      onError: (error) => this.#tell(error),
      onProgress: (fraction) => {
        this.loaded.value = Math.min(fraction, 0.99);
      },
      signal: this.#signal,
    });
    this.#opened = opened;
    batch(() => {
      this.facts.value = opened.facts;
      this.way.value = opened.way;
      this.loaded.value = 1;
    });
    this.setRate(this.rate.value);
  }

  /** The way that was taken has failed: go on at the same place by another. */
  async #reopen(): Promise<void> {
    const goesOn = this.playing.value;
    if (this.#opened) this.#failed.add(this.#opened.way);
    this.#opened?.life.abort();
    this.#opened = undefined;
    this.#ready = undefined;
    this.loaded.value = null;
    await (goesOn ? this.play() : this.prepare());
  }

  #appetite(): Appetite {
    const { playing, rate, loaded } = this;
    const seen = this.#seen || loaded.value !== 1; // what was begun gets its first picture: nobody tells its stream yet
    return appetiteOf({ seen, playing: playing.value, started: this.#started, rate: rate.value });
  }

  #tell(error: unknown): void {
    if (isAbort(error) || error instanceof KernelLost || this.#signal.aborted) return; // the panel tells of a lost kernel
    this.error.value = inWords(error);
  }
}
