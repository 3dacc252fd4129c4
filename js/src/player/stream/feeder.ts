import { isAbort } from "../../lib/rpc";
import { type Buffer, isFull } from "./buffer";
import type { Piece } from "./pieces";
import { beyondHole, type Span, spanAt, spansOf } from "./spans";

/** How much is fetched ahead of the playhead and kept behind it: whichever bound is met first. */
export interface Appetite {
  aheadS: number;
  aheadBytes: number;
  behindS: number;
  behindBytes: number;
}

/** What the feeder needs of a `<video>`. */
export type Playhead = Pick<HTMLVideoElement, "currentTime" | "seeking" | "addEventListener">;

export interface FeederOptions {
  video: Playhead;
  buffer: Buffer;
  /** The piece that holds `time`, from a keyframe on; or the one that continues at exactly `time`. */
  fetch(time: number, lengthS: number, continues: boolean, signal: AbortSignal): Promise<Piece>;
  appetite(): Appetite;
  /** The clip's last piece is in the buffer; may be said more than once. */
  onLast(): void;
  /** Nothing more comes until `retry` or another seek. */
  onError(error: unknown): void;
  signal: AbortSignal;
}

const FIRST_S = 0.25;
const LONGEST_S = 2;
const LEAST_AHEAD_S = 2; // whatever the bounds on bytes say
const SCRUB_MS = 80; // a dragged slider seeks sixty times a second: not each is worth asking the kernel
const ELSEWHERE_BYTES = 12 * 1024 * 1024;

/** A stretch of the buffer that grows at its end. */
interface Chain extends Span {
  /** It reaches the end of the clip. */
  whole: boolean;
  /** The last thing that was appended is its end, so that what continues there needs no keyframe. */
  open: boolean;
  /** The playhead that it was begun for: it may have to grow from a keyframe far before. */
  towards: number;
}

/** What the buffer has of a piece. */
interface Held extends Span {
  keyframe: boolean;
  size: number;
}

/** Keeps the buffer filled around the playhead, a piece at a time: from the kernel, or from what the page still has. */
export class Feeder {
  readonly #options: FeederOptions;
  #wake: () => void = () => {};
  #asking: AbortController | undefined;
  #chain: Chain | undefined;
  #held: Held[] = [];
  #length = FIRST_S;
  #room = 1; // shrinks when the browser has no room for all that is wanted
  #failed = false;
  /** What was asked for last was given up here, for something else. */
  #turned = false;
  #lastSeek = Number.NEGATIVE_INFINITY;

  constructor(options: FeederOptions) {
    this.#options = options;
    const { video, signal } = options;
    video.addEventListener("seeking", () => this.#turn(), { signal });
    for (const name of ["timeupdate", "play", "waiting"] as const) {
      video.addEventListener(name, () => this.#wake(), { signal });
    }
    signal.addEventListener("abort", () => this.#wake());
    void this.#run();
  }

  /** The appetite has changed. */
  tend(): void {
    if (this.#options.appetite().aheadS <= 0) this.#asking?.abort();
    this.#wake();
  }

  /** Try again after an error. */
  retry(): void {
    this.#failed = false;
    this.tend();
  }

  /** The playhead jumped: what is under way is worth nothing, unless it leads there. */
  #turn(): void {
    if (!this.#leadsTo(this.#options.video.currentTime)) this.#asking?.abort();
    this.#failed = false;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { signal, onError } = this.#options;
    while (!signal.aborted) {
      try {
        while (await this.#feed());
      } catch (error) {
        if (this.#turned && isAbort(error)) continue;
        if (signal.aborted) return;
        if (!isAbort(error)) {
          this.#failed = true;
          onError(error);
        } // else who answers has gone, and this is about to: to ask again at once would never end
      }
      await this.#woken();
    }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#options.signal.aborted) resolve();
      this.#wake = resolve;
    });
  }

  /** Do the next thing that is to be done; false when there is none. */
  async #feed(): Promise<boolean> {
    const { video, appetite, onLast } = this.#options;
    if (this.#failed || this.#options.signal.aborted) return false;
    const time = video.currentTime;
    if (!this.#leadsTo(time)) this.#begin(time);
    this.#stepOverHole(time);
    const { behindS, behindBytes } = appetite();
    await this.#forget(time, behindS, behindBytes);
    const { aheadS, aheadBytes } = appetite(); // only now: who changes it meanwhile wakes nobody
    const chain = this.#chain;
    if (chain?.whole) onLast(); // again after each removal, which reopens the source
    if (aheadS <= 0 || chain?.whole) return false;
    if (chain) {
      const reach = chain.end - time;
      if (reach >= Math.max(LEAST_AHEAD_S, aheadS * this.#room) || reach >= aheadS) return false;
      if (reach >= LEAST_AHEAD_S && this.#bytes(time, chain.end) >= aheadBytes * this.#room) return false;
    } else if (await this.#isScrubbing()) {
      return true; // look again where the slider is now
    }
    await this.#add(chain, chain?.end ?? time);
    return true;
  }

  /** Go on from what is held at `time`, or from nothing. */
  #begin(time: number): void {
    const held = spanAt(spansOf(this.#options.buffer.ranges), time);
    this.#chain = held && { ...held, whole: false, open: false, towards: time };
    this.#length = FIRST_S;
  }

  /** Whether what grows holds `time`, or soon will. */
  #leadsTo(time: number): boolean {
    const chain = this.#chain;
    if (!chain || time < chain.start) return false;
    if (time >= chain.end - 1e-3)
      return chain.whole || time <= Math.max(chain.towards, chain.end + LONGEST_S);
    return spanAt(spansOf(this.#options.buffer.ranges), time) !== undefined;
  }

  #stepOverHole(time: number): void {
    const { video, buffer } = this.#options;
    if (video.seeking || !this.#chain || this.#chain.end < time + 0.1) return;
    const beyond = beyondHole(buffer.ranges, time);
    if (beyond !== undefined) video.currentTime = beyond + 1e-3;
  }

  async #isScrubbing(): Promise<boolean> {
    const since = performance.now() - this.#lastSeek;
    this.#lastSeek = performance.now();
    if (since > SCRUB_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, SCRUB_MS));
    this.#lastSeek = Number.NEGATIVE_INFINITY;
    return true;
  }

  async #add(chain: Chain | undefined, time: number): Promise<void> {
    const { fetch, buffer, signal } = this.#options;
    const asking = new AbortController();
    this.#asking = asking;
    const either = AbortSignal.any([signal, asking.signal]);
    const continues = chain?.open === true;
    let piece: Piece;
    try {
      piece = await fetch(time, this.#length, continues, either);
    } finally {
      this.#asking = undefined;
      this.#turned = asking.signal.aborted;
    }
    either.throwIfAborted();
    if (!chain && this.#bytes(0, Number.POSITIVE_INFINITY) > ELSEWHERE_BYTES) {
      await buffer.remove({ start: 0, end: Number.POSITIVE_INFINITY }); // the page keeps what was used last
      this.#held = [];
    }
    await this.#append(piece);
    this.#length = Math.min(LONGEST_S, this.#length * 2);
    const { start: from, end, keyframe, bytes } = piece; // not its bytes: the buffer has a copy of its own
    this.#held.push({ start: from, end, keyframe, size: bytes.byteLength });
    const start = Math.min(chain?.start ?? piece.start, piece.start);
    this.#chain = { start, end: piece.end, whole: piece.last, open: true, towards: chain?.towards ?? time };
  }

  async #append(piece: Piece): Promise<void> {
    const { buffer, video, appetite } = this.#options;
    for (;;) {
      try {
        return await buffer.append(piece.bytes);
      } catch (error) {
        if (!isFull(error)) throw error;
      }
      this.#room = Math.max(0.1, this.#room / 2);
      if (await this.#forget(video.currentTime, 1, 0)) continue;
      if (await this.#forgetElsewhere(video.currentTime)) continue;
      if (appetite().aheadS <= 0) throw new DOMException("There is no room, and no need.", "AbortError");
      await this.#woken(); // until the playhead has moved on
      this.#options.signal.throwIfAborted();
    }
  }

  /** Let go of what lies far behind `time`; false when there was nothing. A browser removes up to a keyframe: never past `time`. */
  async #forget(time: number, behindS: number, behindBytes: number): Promise<boolean> {
    const behind = this.#held
      .filter(({ keyframe, end }) => keyframe && end <= time - LEAST_BEHIND_S)
      .sort((a, b) => b.start - a.start);
    const until = behind.find(
      ({ start, end }) => end <= time - behindS || this.#bytes(start, time) >= behindBytes,
    )?.start;
    if (until === undefined || !this.#held.some(({ end }) => end <= until)) return false;
    await this.#options.buffer.remove({ start: 0, end: until });
    this.#held = this.#held.filter(({ end }) => end > until);
    if (this.#chain) this.#chain.start = Math.max(this.#chain.start, until);
    return true;
  }

  async #forgetElsewhere(time: number): Promise<boolean> {
    const from = Math.max(time, this.#chain?.end ?? 0) + 1;
    if (!this.#held.some(({ start }) => start >= from)) return false;
    await this.#options.buffer.remove({ start: from, end: Number.POSITIVE_INFINITY });
    this.#held = this.#held.filter(({ start }) => start < from);
    return true;
  }

  /** How much is held of what lies between. */
  #bytes(from: number, to: number): number {
    return this.#held.reduce((sum, { start, end, size }) => (end > from && start < to ? sum + size : sum), 0);
  }
}

const LEAST_BEHIND_S = 1;
