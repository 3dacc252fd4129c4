import type { Signal } from "@preact/signals";

/** Let files be dropped anywhere on `el`; `dropping` is true while some hover over it. */
export function acceptDrops(
  el: HTMLElement,
  dropping: Signal<boolean>,
  take: (files: Iterable<File>) => void,
  signal: AbortSignal,
): void {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const over = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    dropping.value = true;
  };
  el.addEventListener("dragenter", over, { signal });
  el.addEventListener("dragover", over, { signal });
  el.addEventListener(
    "dragleave",
    (event) => {
      if (!(event.relatedTarget instanceof Node && el.contains(event.relatedTarget))) dropping.value = false;
    },
    { signal },
  );
  el.addEventListener(
    "drop",
    (event) => {
      dropping.value = false;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      take(event.dataTransfer?.files ?? []);
    },
    { signal },
  );
}
