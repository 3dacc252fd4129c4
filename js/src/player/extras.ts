import { signal } from "@preact/signals";
import { inWords, isKnown } from "../lib/rpc";
import { fileSize } from "../lib/words";
import { saveClip } from "./download";
import type { Playback } from "./playback";
import type { Strip } from "./stream/media";

/** What a player can do beside playing, and what it shows beside the picture. */
export class Extras {
  readonly strip = signal<Strip | null>(null);
  readonly peaks = signal<Uint8Array | null>(null);
  /** What was done, or why not, in words; empty when there is nothing to say. */
  readonly notice = signal("");
  readonly busy = signal(false);
  readonly #playback: Playback;
  readonly #signal: AbortSignal;
  #stripAsked = false;

  constructor(playback: Playback, life: AbortSignal) {
    this.#playback = playback;
    this.#signal = life;
    const stop = playback.way.subscribe((way) => {
      if (way) void this.#getPeaks();
    });
    life.addEventListener("abort", stop);
  }

  /** Fetch the small pictures above the scrubber, once somebody looks for them. */
  async wantStrip(): Promise<void> {
    if (this.#stripAsked || this.#playback.loaded.value !== 1) return;
    this.#stripAsked = true;
    try {
      this.strip.value = await this.#playback.media.strip();
    } catch (error) {
      if (!(error instanceof Error)) throw error; // the scrubber shows the time alone
    }
  }

  /** Save the picture that is shown, beside the notebook. */
  async snapshot(): Promise<void> {
    const { media, time } = this.#playback;
    await this.#do(async () => {
      const { reply } = await media.asker.ask(
        { type: "take_snapshot", clip: media.clip.id, time_s: time.value },
        { signal: this.#signal },
      );
      return `Saved ${reply.name}, ${reply.width}×${reply.height}, beside the notebook.`;
    });
  }

  /** Save the clip where the browser keeps its downloads. */
  async download(): Promise<void> {
    const { media } = this.#playback;
    await this.#do(async () => {
      const size = fileSize(media.clip.size_bytes);
      await saveClip(media.asker, media.clip, this.#signal, (fraction) => {
        this.notice.value = `Fetching ${size} · ${Math.floor(fraction * 100)} %`;
      });
      return `${media.clip.name} is in your downloads.`;
    });
  }

  /** Let the picture float over other windows, or come back. */
  async pictureInPicture(): Promise<void> {
    const { video } = this.#playback;
    await this.#do(async () => {
      await this.#playback.prepare();
      if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
      else await video?.requestPictureInPicture();
      return "";
    });
  }

  async #do(work: () => Promise<string>): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    this.notice.value = "";
    try {
      this.notice.value = await work();
    } catch (error) {
      this.notice.value = isKnown(error) ? "" : inWords(error);
    }
    this.busy.value = false;
  }

  async #getPeaks(): Promise<void> {
    try {
      this.peaks.value = await this.#playback.media.peaks();
    } catch (error) {
      if (!(error instanceof Error)) throw error; // without it the scrubber is a plain line
    }
  }
}
