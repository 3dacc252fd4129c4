import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { LOST } from "./rpc";

const LONG_MS = 4000;

/** Before the kernel has answered, and after it has stopped. */
export function Waiting({ lost }: { lost: boolean }): JSX.Element {
  const long = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      long.value = true;
    }, LONG_MS);
    return () => clearTimeout(timer);
  }, [long]);
  if (lost) {
    return (
      <p class="nemo-error" role="alert">
        {LOST}
      </p>
    );
  }
  return (
    <p class="nemo-muted" role="status">
      {long.value
        ? "Waiting for the kernel: it is busy. If this stays, run the cell again."
        : "Connecting to the kernel…"}
    </p>
  );
}
