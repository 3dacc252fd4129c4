/** A part of a clip as it came from the kernel: fragments of an MP4, and the stretch of the timeline that they cover. */
export interface Piece {
  start: number;
  /** Where the next piece is to be asked for. */
  end: number;
  /** Whether it was asked for by itself, so that it begins at a keyframe: a decoder can start here. */
  head: boolean;
  last: boolean;
  /** Whether a keyframe lies anywhere in it. */
  keyframe: boolean;
  bytes: Uint8Array<ArrayBuffer>;
}

const HAIR_S = 1e-3;
const LIMIT_BYTES = 24 * 1024 * 1024;
/** Stepping through kept pieces further than this takes longer than asking for the one that is wanted. */
const STEP_THROUGH_S = 4;

interface Kept {
  owner: Pieces;
  piece: Piece;
}

// In the order of use, over all clips of the page.
const kept = new Map<string, Kept>();
let keptBytes = 0;
let owners = 0;

/** The pieces of one form of one clip that the page still has, for all of its views. What was used longest ago goes first. */
export class Pieces {
  readonly #name = `${++owners}:`;
  readonly #keys = new Set<string>();

  add(piece: Piece): void {
    const key = this.#name + piece.start;
    this.#drop(key);
    kept.set(key, { owner: this, piece });
    this.#keys.add(key);
    keptBytes += piece.bytes.byteLength;
    for (const [oldest, { owner }] of kept) {
      if (keptBytes <= LIMIT_BYTES) break;
      owner.#drop(oldest);
    }
  }

  /** The piece that continues at exactly `end`. */
  after(end: number): Piece | undefined {
    const key = this.#name + end;
    const found = kept.get(key);
    if (!found) return undefined;
    kept.delete(key);
    kept.set(key, found);
    return found.piece;
  }

  /** The piece to begin with, so that those which follow it without a hole reach `time`. */
  leadingTo(time: number): Piece | undefined {
    let best: Piece | undefined;
    for (const key of this.#keys) {
      const piece = kept.get(key)?.piece;
      if (!piece?.head || piece.start > time + HAIR_S || time - piece.start > STEP_THROUGH_S) continue;
      if ((!best || piece.start > best.start) && this.#reaches(piece, time)) best = piece;
    }
    return best;
  }

  clear(): void {
    for (const key of [...this.#keys]) this.#drop(key);
  }

  #reaches(from: Piece, time: number): boolean {
    let piece: Piece | undefined = from;
    while (piece && piece.end <= time)
      piece = piece.last ? undefined : kept.get(this.#name + piece.end)?.piece;
    return piece !== undefined;
  }

  #drop(key: string): void {
    const found = kept.get(key);
    if (!found) return;
    kept.delete(key);
    this.#keys.delete(key);
    keptBytes -= found.piece.bytes.byteLength;
  }
}

/** How much the page keeps now; for tests. */
export function bytesKept(): number {
  return keptBytes;
}
