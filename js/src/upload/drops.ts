import type { Signal } from "@preact/signals";
import { ofClipboard, ofDrop, type Picked } from "./picking";

/** Where what is dropped or pasted goes. */
export interface Taker {
  take(picked: Picked): void;
  /** Files of JupyterLab's own file browser. */
  takePaths(paths: string[]): void;
  /** Names that are in use already. */
  names(): ReadonlySet<string>;
}

const CONTENTS = "application/x-jupyter-icontents";

/** What JupyterLab sends while something of its own is dragged: not the browser's drag and drop, but events alike. */
interface LabDrag extends Event {
  mimeData?: { hasData(mime: string): boolean; getData(mime: string): unknown };
  proposedAction: string;
  dropAction: string;
}

/** Let files be dropped anywhere on `el`, and pasted; `dropping` is true while some hover over it. */
export function acceptDrops(
  el: HTMLElement,
  dropping: Signal<boolean>,
  taker: Taker,
  signal: AbortSignal,
): void {
  const on = <E extends Event>(types: string[], listener: (event: E) => void) => {
    for (const type of types) el.addEventListener(type, listener as EventListener, { signal });
  };
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

  on<DragEvent>(["dragenter", "dragover"], (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    dropping.value = true;
  });
  on<DragEvent>(["dragleave", "lm-dragleave"], (event) => {
    if (!(event.relatedTarget instanceof Node && el.contains(event.relatedTarget))) dropping.value = false;
  });
  on<DragEvent>(["drop"], (event) => {
    dropping.value = false;
    if (!event.dataTransfer || !holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    void ofDrop(event.dataTransfer).then((picked) => taker.take(picked));
  });

  on<LabDrag>(["lm-dragenter", "lm-dragover", "lm-drop"], (event) => {
    if (!event.mimeData?.hasData(CONTENTS)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dropAction = event.proposedAction;
    dropping.value = event.type !== "lm-drop";
    if (event.type === "lm-drop") taker.takePaths(pathsOf(event.mimeData.getData(CONTENTS)));
  });

  on<ClipboardEvent>(["paste"], (event) => {
    const files = ofClipboard(event.clipboardData, taker.names());
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    taker.take({ files, leftOut: 0 });
  });
}

function pathsOf(data: unknown): string[] {
  return [data]
    .flat()
    .map((one) => (typeof one === "string" ? one : String((one as { path?: unknown })?.path ?? "")))
    .filter(Boolean);
}
