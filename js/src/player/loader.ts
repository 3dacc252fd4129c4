import { type ClipFacts, MAX_RANGE_BYTES } from "../generated/messages";
import type { Asker } from "../lib/rpc";
import { own } from "./stream/media";

const SMALL_RANGE_BYTES = MAX_RANGE_BYTES / 4; // small clips in several steps too, so that progress is seen
const WINDOW = 2;

export interface LoadOptions {
  signal: AbortSignal;
  /** Called with 0 to 1 as ranges arrive. */
  onProgress(fraction: number): void;
}

/** Pull a whole clip out of the kernel, a few ranges at a time. */
export async function pullClip(asker: Asker, clip: ClipFacts, options: LoadOptions): Promise<Blob> {
  const pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  await pullRanges(asker, clip, options, (bytes, offset) => void pieces.set(offset, bytes));
  const inOrder = [...pieces].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
  return new Blob(inOrder, { type: clip.mime });
}

/** Pull a whole clip and hand each range on as it comes, in no fixed order. */
export async function pullRanges(
  asker: Asker,
  clip: ClipFacts,
  { signal, onProgress }: LoadOptions,
  take: (bytes: Uint8Array<ArrayBuffer>, offset: number) => void | Promise<void>,
): Promise<void> {
  const step = clip.size_bytes > 4 * MAX_RANGE_BYTES ? MAX_RANGE_BYTES : SMALL_RANGE_BYTES;
  const count = Math.ceil(clip.size_bytes / step);
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
      await take(own(bytes), offset);
      received += length;
      onProgress(received / clip.size_bytes);
    }
  }

  await Promise.all(Array.from({ length: Math.min(WINDOW, count) }, pull));
}
