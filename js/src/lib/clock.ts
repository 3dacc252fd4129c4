import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Seconds that go on from `elapsedS`, which the kernel counted, while `running`; its clock and ours never meet. */
export function useElapsed(elapsedS: number, running: boolean): Signal<number> {
  const seconds = useSignal(elapsedS);
  useEffect(() => {
    seconds.value = elapsedS;
    if (!running) return undefined;
    const from = performance.now() - elapsedS * 1000;
    const timer = setInterval(() => {
      seconds.value = (performance.now() - from) / 1000;
    }, 500);
    return () => clearInterval(timer);
  }, [elapsedS, running, seconds]);
  return seconds;
}
