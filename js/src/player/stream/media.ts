import { signal } from "@preact/signals";
import type { ClipFacts, MediaFacts } from "../../generated/messages";
import type { Asker } from "../../lib/rpc";
import { holdsKeyframe } from "./keyframes";
import { Once } from "./once";
import { type Piece, Pieces } from "./pieces";

export type Form = "native" | "converted";

/** Small pictures of a clip in rows, for the preview above the scrubber. */
export interface Strip {
  url: string;
  width: number;
  height: number;
  times: readonly number[];
}

const SLOW_MS = 1500;
const TILE_HEIGHT_PX = 90;
const MAX_TILES = 100;
const PEAKS = 600;
const HAIR_S = 5e-4; // so that a beginning is never taken for the continuation of what ended just there
export const TILES_A_ROW = 10;

/** What all views of one clip share, until the last one goes. */
class Shared {
  users = 0;
  readonly facts = new Once<MediaFacts>();
  readonly strip = new Once<Strip | null>();
  readonly peaks = new Once<Uint8Array | null>();
  readonly pieces = { native: new Pieces(), converted: new Pieces() };
  readonly begins: Partial<Record<Form, Uint8Array<ArrayBuffer>>> = {};
  stripUrl = "";

  release(): void {
    this.pieces.native.clear();
    this.pieces.converted.clear();
    if (this.stripUrl) URL.revokeObjectURL(this.stripUrl);
    this.stripUrl = "";
  }
}

const clips = new Map<string, Shared>();

/** One view's way to a clip in the kernel. What it learns serves every other view of the clip in the page too. */
export class Media {
  /** The kernel has owed a part of the clip for a while. */
  readonly slow = signal(false);
  readonly clip: ClipFacts;
  readonly asker: Asker;
  readonly #signal: AbortSignal;
  readonly #shared: Shared;
  #owed = 0;

  constructor(clip: ClipFacts, asker: Asker, life: AbortSignal) {
    this.clip = clip;
    this.asker = asker;
    this.#signal = life;
    const shared = clips.get(clip.id) ?? new Shared();
    clips.set(clip.id, shared);
    shared.users++;
    this.#shared = shared;
    const leave = () => {
      if (--shared.users > 0) return;
      clips.delete(clip.id);
      shared.release();
    };
    life.addEventListener("abort", leave);
  }

  /** What the clip is, as the kernel found when it looked into the file. */
  facts(): Promise<MediaFacts> {
    const ask = async () =>
      (
        await this.#timed(
          this.asker.ask({ type: "open_media", clip: this.clip.id }, { signal: this.#signal }),
        )
      ).reply;
    return this.#shared.facts.get(ask, this.#signal);
  }

  /** The part of the clip that holds `time`, from a keyframe on; or, when it `continues`, what begins at exactly `time`. */
  async piece(
    form: Form,
    time: number,
    lengthS: number,
    continues: boolean,
    signal: AbortSignal,
  ): Promise<Piece> {
    const pieces = this.#shared.pieces[form];
    const known = continues ? pieces.after(time) : pieces.leadingTo(time);
    if (known) return known;
    const init = this.#shared.begins[form] === undefined;
    const { reply, buffers } = await this.#timed(
      this.asker.ask(
        {
          type: "read_segment",
          clip: this.clip.id,
          form,
          start_s: continues ? time : time + HAIR_S,
          length_s: lengthS,
          init,
        },
        { signal },
      ),
    );
    const [begin, bytes] = init ? buffers : [undefined, ...buffers];
    if (!bytes || (init && !begin)) {
      throw new Error(`The kernel sent nothing of ${this.clip.name} at ${time.toFixed(1)} s.`);
    }
    if (begin) this.#shared.begins[form] = own(begin);
    const { start_s: start, end_s: end, last } = reply;
    const kept = own(bytes);
    const keyframe = holdsKeyframe(kept);
    const piece = { start: continues ? time : start, end, head: !continues, last, keyframe, bytes: kept };
    if (!signal.aborted) pieces.add(piece);
    return piece;
  }

  /** What every source buffer of this form begins with; known once a piece has come. */
  begin(form: Form): Uint8Array<ArrayBuffer> | undefined {
    return this.#shared.begins[form];
  }

  /** Small pictures for the scrubber; null when there are none. */
  strip(): Promise<Strip | null> {
    return this.#shared.strip.get(async () => {
      const { duration_s, kind } = await this.facts();
      if (kind !== "video") return null;
      const count = Math.min(MAX_TILES, Math.max(TILES_A_ROW, Math.round(duration_s)));
      const { reply, buffers } = await this.asker.ask(
        { type: "get_filmstrip", clip: this.clip.id, count, height_px: TILE_HEIGHT_PX },
        { signal: this.#signal },
      );
      const jpeg = buffers[0];
      if (!jpeg || reply.count === 0 || this.#signal.aborted) return null;
      const url = URL.createObjectURL(new Blob([own(jpeg)], { type: "image/jpeg" }));
      this.#shared.stripUrl = url;
      return { url, width: reply.tile_width_px, height: reply.tile_height_px, times: reply.times_s };
    }, this.#signal);
  }

  /** How loud the clip is, a byte a bucket; null when it has no sound. */
  peaks(): Promise<Uint8Array | null> {
    return this.#shared.peaks.get(async () => {
      const { has_audio } = await this.facts();
      if (!has_audio) return null;
      const { reply, buffers } = await this.asker.ask(
        { type: "get_waveform", clip: this.clip.id, count: PEAKS },
        { signal: this.#signal },
      );
      return buffers[0] && reply.count > 0 ? own(buffers[0]) : null;
    }, this.#signal);
  }

  async #timed<T>(answer: Promise<T>): Promise<T> {
    this.#owed++;
    const timer = setTimeout(() => {
      this.slow.value = true;
    }, SLOW_MS);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      if (--this.#owed === 0) this.slow.value = false;
    }
  }
}

/** Bytes that keep no more alive than themselves: a view may be a window onto a whole WebSocket frame. */
export function own(view: DataView): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
  return view.byteLength === view.buffer.byteLength ? bytes : bytes.slice();
}
