/** The stretch that plays again and again; null is the clip's own end. */
export interface Range {
  inS: number | null;
  outS: number | null;
}

/** The range with its beginning at `time`; an end that is not after it goes. */
export function beginAt(time: number, { outS }: Range): Range {
  return { inS: time, outS: outS !== null && outS > time ? outS : null };
}

/** The range with its end at `time`; a beginning that is not before it goes. */
export function endAt(time: number, { inS }: Range): Range {
  return { inS: inS !== null && inS < time ? inS : null, outS: time };
}
