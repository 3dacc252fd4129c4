import { isAbort } from "../../lib/rpc";

/**
 * One answer for all views that want it. The first to come asks the kernel; when its view goes before the answer is there,
 * the next one asks again. What failed is not kept.
 */
export class Once<T> {
  #answer: Promise<T> | undefined;

  async get(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const known = this.#answer;
      if (!known) return this.#begin(ask);
      try {
        return await orAborted(known, signal);
      } catch (error) {
        if (!isAbort(error) || signal.aborted) throw error;
      }
    }
  }

  #begin(ask: () => Promise<T>): Promise<T> {
    const answer = ask();
    this.#answer = answer;
    answer.catch(() => {
      if (this.#answer === answer) this.#answer = undefined;
    });
    return answer;
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
