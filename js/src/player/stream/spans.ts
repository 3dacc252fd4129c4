/** A stretch of a clip's timeline, in seconds. */
export interface Span {
  start: number;
  end: number;
}

/** Holes up to this long are stepped over: sound and picture seldom begin and end at the same moment. */
const HOLE_S = 0.12;
const HAIR_S = 1e-3;

/** What a buffer holds, with small holes closed. */
export function spansOf(ranges: TimeRanges): Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < ranges.length; index++) {
    const [start, end] = [ranges.start(index), ranges.end(index)];
    const last = spans.at(-1);
    if (last && start - last.end <= HOLE_S) last.end = end;
    else spans.push({ start, end });
  }
  return spans;
}

/** The stretch that holds `time`. The very end of one holds no picture any more. */
export function spanAt(spans: readonly Span[], time: number): Span | undefined {
  return spans.find(({ start, end }) => start - HOLE_S <= time && time < end - HAIR_S);
}

/** Where to jump from a hole at `time`: the start of what follows within half a second; undefined when there is no hole. */
export function beyondHole(ranges: TimeRanges, time: number): number | undefined {
  for (let index = 0; index < ranges.length; index++) {
    const [start, end] = [ranges.start(index), ranges.end(index)];
    if (start <= time + HAIR_S && time < end - HAIR_S) return undefined;
    if (start > time && start - time <= 0.5) return start;
  }
  return undefined;
}
