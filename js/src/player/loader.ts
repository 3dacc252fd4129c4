import { type ClipFacts, MAX_RANGE_BYTES } from "../generated/messages";
import type { Asker } from "../lib/rpc";

const SMALL_RANGE_BYTES = MAX_RANGE_BYTES / 4; // small clips in several steps too, so that progress is seen
const WINDOW = 2;

export interface LoadOptions {
  signal: AbortSignal;
  /** Called with 0 to 1 as ranges arrive. */
  onProgress(fraction: number): void;
}

/** Pull a whole clip out of the kernel, a few ranges at a time. */
export async function pullClip(
  asker: Asker,
  clip: ClipFacts,
  { signal, onProgress }: LoadOptions,
): Promise<Blob> {
  const step = clip.size_bytes > 4 * MAX_RANGE_BYTES ? MAX_RANGE_BYTES : SMALL_RANGE_BYTES;
  const count = Math.ceil(clip.size_bytes / step);
  const pieces: Uint8Array<ArrayBuffer>[] = new Array(count);
  let next = 0;
  let received = 0;

  async function pull(): Promise<void> {
    for (let index = next++; index < count; index = next++) {
      const offset = index * step;
      const length = Math.min(step, clip.size_bytes - offset);
      const { reply, buffers } = await asker.ask(
        { type: "read_range", clip: clip.id, offset, length },
        { signal },
      );
      const bytes = buffers[0];
      if (reply.total_bytes !== clip.size_bytes || bytes?.byteLength !== length) {
        throw new Error(`${clip.name} has changed since it was shown: run its cell again.`);
      }
      pieces[index] = copyOf(bytes);
      received += length;
      onProgress(received / clip.size_bytes);
    }
  }

  await Promise.all(Array.from({ length: Math.min(WINDOW, count) }, pull));
  return new Blob(pieces, { type: clip.mime });
}

function copyOf(view: DataView): Uint8Array<ArrayBuffer> {
  // The view may be a window onto a whole WebSocket frame: keep only what it shows.
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice() as Uint8Array<ArrayBuffer>;
}
