import { Sha256 } from "./sha256";

const SLICE_BYTES = 2 ** 21;

/** What is found out about a file: the digest of its first `prefixBytes`, then that of all of it. */
export interface Found {
  prefix?: string;
  whole?: string;
  /** It could not be read. */
  error?: string;
}

/** Hash a file from its beginning to its end, a slice at a time, so that a page's own thread could do it too. */
export async function digest(file: Blob, prefixBytes: number, tell: (found: Found) => void): Promise<void> {
  try {
    const hash = new Sha256();
    for (let at = 0; at < file.size; ) {
      const till = Math.min(file.size, at + SLICE_BYTES, at < prefixBytes ? prefixBytes : file.size);
      hash.update(new Uint8Array(await file.slice(at, till).arrayBuffer()));
      at = till;
      if (at === prefixBytes) tell({ prefix: hash.hex() });
    }
    tell({ whole: hash.hex() });
  } catch (error) {
    tell({ error: String(error) });
  }
}

// As a worker it hashes the one file that it is given, and is ended by who made it.
if ("WorkerGlobalScope" in globalThis) {
  addEventListener("message", ({ data: [file, prefixBytes] }: MessageEvent<[Blob, number]>) => {
    void digest(file, prefixBytes, (found) => postMessage(found));
  });
}
