import type { Piece } from "../../../src/player/stream/pieces";
import type { Span } from "../../../src/player/stream/spans";

/** A source buffer that understands "from-to" instead of MP4, and knows a bound on its bytes. */
export class FakeSourceBuffer extends EventTarget {
  mode = "";
  spans: Span[] = [];
  limit = Number.POSITIVE_INFINITY;
  removed: Span[] = [];
  appended: Span[] = [];

  get buffered(): TimeRanges {
    const spans = this.spans;
    return {
      length: spans.length,
      start: (index: number) => (spans[index] as Span).start,
      end: (index: number) => (spans[index] as Span).end,
    };
  }

  appendBuffer(bytes: Uint8Array): void {
    const [start, end] = new TextDecoder().decode(bytes).split("-").map(Number) as [number, number];
    const held = this.spans.reduce((sum, span) => sum + span.end - span.start, 0);
    if (held + end - start > this.limit) throw new DOMException("full", "QuotaExceededError");
    this.appended.push({ start, end });
    this.spans = joined([...this.spans, { start, end }]);
    queueMicrotask(() => this.dispatchEvent(new Event("updateend")));
  }

  remove(start: number, end: number): void {
    this.removed.push({ start, end });
    this.spans = this.spans.flatMap((span) =>
      [
        { start: span.start, end: Math.min(span.end, start) },
        { start: Math.max(span.start, end), end: span.end },
      ].filter((left) => left.start < left.end),
    );
    queueMicrotask(() => this.dispatchEvent(new Event("updateend")));
  }
}

function joined(spans: Span[]): Span[] {
  const sorted = spans.sort((a, b) => a.start - b.start).map((span) => ({ ...span }));
  return sorted.reduce<Span[]>((done, span) => {
    const last = done.at(-1);
    if (last && span.start <= last.end + 1e-9) last.end = Math.max(last.end, span.end);
    else done.push(span);
    return done;
  }, []);
}

export function piece(start: number, end: number, rest: Partial<Piece> = {}): Piece {
  const bytes = new TextEncoder().encode(`${start}-${end}`) as Uint8Array<ArrayBuffer>;
  return { start, end, head: false, last: false, keyframe: true, bytes, ...rest };
}

/** A `<video>` with nothing but a playhead. */
export class FakePlayhead extends EventTarget {
  seeking = false;
  #time = 0;

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(time: number) {
    this.#time = time;
    this.dispatchEvent(new Event("seeking"));
  }

  /** Playing has come this far. */
  reach(time: number): void {
    this.#time = time;
    this.dispatchEvent(new Event("timeupdate"));
  }
}
