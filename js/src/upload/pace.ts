import { FIRST_CHUNK_BYTES, MAX_CHUNK_BYTES } from "../generated/messages";

const FAST_MS = 600;
const SLOW_MS = 2500;

/** The size of the next chunk: it grows while answers come fast and shrinks when they take long. */
export class Pace {
  chunkBytes: number = FIRST_CHUNK_BYTES;

  answered(bytes: number, ms: number): void {
    if (ms > SLOW_MS) this.chunkBytes = Math.max(FIRST_CHUNK_BYTES, this.chunkBytes / 2);
    else if (ms < FAST_MS && bytes >= this.chunkBytes)
      this.chunkBytes = Math.min(MAX_CHUNK_BYTES, this.chunkBytes * 2);
  }
}
