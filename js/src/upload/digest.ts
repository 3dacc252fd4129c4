import { deferred } from "../lib/deferred";
import type { Found, digest as work } from "./digest-work";
import code from "./digest-work.ts?text";

/** The digests of a file, as SHA-256 in hex. */
export interface Digests {
  /** Of its first bytes; never settles when none were asked for. */
  prefix: Promise<string>;
  whole: Promise<string>;
}

export type Digest = (file: Blob, prefixBytes: number, signal: AbortSignal) => Digests;

/** Hash files one after the other, beside the page's own thread where a worker may be made. */
export function digester(): Digest {
  let last: Promise<unknown> = Promise.resolve();
  return (file, prefixBytes, signal) => {
    const prefix = deferred<string>();
    const whole = deferred<string>();
    for (const { promise } of [prefix, whole]) promise.catch(() => undefined); // who asks for it is told
    const fail = (reason: unknown) => {
      prefix.reject(reason);
      whole.reject(reason);
    };
    signal.addEventListener("abort", () => fail(signal.reason));
    const tell = (found: Found) => {
      if (found.error !== undefined) fail(new DOMException(found.error));
      if (found.prefix !== undefined) prefix.resolve(found.prefix);
      if (found.whole !== undefined) whole.resolve(found.whole);
    };
    last = last.then(async () => {
      if (signal.aborted) return;
      try {
        await hash(file, prefixBytes, tell, whole.promise);
      } catch (error) {
        fail(error);
      }
    });
    return { prefix: prefix.promise, whole: whole.promise };
  };
}

async function hash(
  file: Blob,
  prefixBytes: number,
  tell: (found: Found) => void,
  ended: Promise<unknown>,
): Promise<void> {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  let worker: Worker | undefined;
  try {
    const refused = deferred<never>();
    worker = new Worker(url, { type: "module" });
    worker.onerror = () => refused.reject(new Error("this page allows no worker"));
    worker.onmessage = ({ data }: MessageEvent<Found>) => tell(data);
    worker.postMessage([file, prefixBytes]);
    await Promise.race([ended.catch(() => undefined), refused.promise]);
  } catch {
    // A page may forbid workers (worker-src in its policy), but not the module that the front end itself came as.
    const module: { digest: typeof work } = await import(url);
    await Promise.race([module.digest(file, prefixBytes, tell), ended.catch(() => undefined)]);
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(url);
  }
}
