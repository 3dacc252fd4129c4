/**
 * Whether these fragments of an MP4 hold a keyframe: for each track, a sample that needs no other (ISO/IEC 14496-12, 8.8.7
 * and 8.8.8). Of sound every sample is one. What says nothing about its samples holds none, to be on the safe side.
 */
export function holdsKeyframe(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tracks = new Map<number, boolean>();
  for (const moof of boxes(view, 0, view.byteLength, "moof")) {
    for (const traf of boxes(view, moof.body, moof.end, "traf")) {
      const { track, flags } = trackHeader(view, traf);
      let found = tracks.get(track) ?? false;
      for (const run of boxes(view, traf.body, traf.end, "trun")) found ||= runHoldsSync(view, run, flags);
      tracks.set(track, found);
    }
  }
  return tracks.size > 0 && [...tracks.values()].every(Boolean);
}

interface Box {
  body: number;
  end: number;
}

function* boxes(view: DataView, from: number, to: number, wanted: string): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    const end = size === 0 ? to : at + size; // 64-bit sizes are for files, not for fragments
    if (size === 1 || end < at + 8 || end > to) return;
    if (String.fromCharCode(...[4, 5, 6, 7].map((place) => view.getUint8(at + place))) === wanted) {
      yield { body: at + 8, end };
    }
    at = end;
  }
}

const NON_SYNC = 0x10000;

function trackHeader(view: DataView, traf: Box): { track: number; flags: number | undefined } {
  for (const { body } of boxes(view, traf.body, traf.end, "tfhd")) {
    const has = view.getUint32(body) & 0xffffff;
    const track = view.getUint32(body + 4);
    const before = [0x1, 0x1, 0x2, 0x8, 0x10].filter((flag) => has & flag).length; // the first is 64 bits wide
    return { track, flags: has & 0x20 ? view.getUint32(body + 8 + 4 * before) : undefined };
  }
  return { track: 0, flags: undefined };
}

function runHoldsSync(view: DataView, { body, end }: Box, usual: number | undefined): boolean {
  const has = view.getUint32(body) & 0xffffff;
  const count = view.getUint32(body + 4);
  let at = body + 8 + (has & 0x1 ? 4 : 0);
  const first = has & 0x4 ? view.getUint32(at) : undefined;
  if (has & 0x4) at += 4;
  const width = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => has & flag).length;
  const place = 4 * [0x100, 0x200].filter((flag) => has & flag).length;
  for (let sample = 0; sample < count && at + width <= end; sample++, at += width) {
    const own = has & 0x400 ? view.getUint32(at + place) : usual;
    const flags = sample === 0 ? (first ?? own) : own;
    if (flags !== undefined && (flags & NON_SYNC) === 0) return true;
    if (width === 0 && sample > 0) return false; // all others are the same
  }
  return false;
}
