import type { Span } from "./spans";

/** The browser took the bytes for damaged; what plays instead is decided above. */
export class Rejected extends Error {
  override name = "Rejected";
}

/** A `SourceBuffer` whose operations are promises, one after the other. */
export class Buffer {
  readonly #raw: SourceBuffer;
  readonly #signal: AbortSignal;
  #last: Promise<unknown> = Promise.resolve();

  constructor(raw: SourceBuffer, signal: AbortSignal) {
    this.#raw = raw;
    this.#signal = signal;
    raw.mode = "segments"; // each brings its own times
  }

  get ranges(): TimeRanges {
    return this.#raw.buffered;
  }

  /** Rejects with the browser's `QuotaExceededError` when it has no room. */
  append(bytes: BufferSource): Promise<void> {
    return this.#next(() => this.#raw.appendBuffer(bytes));
  }

  remove({ start, end }: Span): Promise<void> {
    return this.#next(() => this.#raw.remove(start, end));
  }

  #next(begin: () => void): Promise<void> {
    const done = this.#last.then(() => this.#run(begin));
    this.#last = done.catch(() => undefined); // who asked hears of it; the next operation is one of its own
    return done;
  }

  #run(begin: () => void): Promise<void> {
    this.#signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const ended = new AbortController();
      const settle = (act: () => void) => () => {
        ended.abort();
        act();
      };
      const once = { signal: ended.signal };
      this.#raw.addEventListener("updateend", settle(resolve), once);
      this.#raw.addEventListener(
        "error",
        settle(() => reject(new Rejected("The browser cannot read this part of the clip."))),
        once,
      );
      this.#signal.addEventListener(
        "abort",
        settle(() => reject(this.#signal.reason)),
        once,
      );
      try {
        begin();
      } catch (error) {
        ended.abort();
        reject(error);
      }
    });
  }
}

/** Whether the browser said that its buffer is full. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
