import type { RenderProps } from "@anywidget/types";
import { mountCompare } from "./compare";
import { adoptStyles, hideFallback } from "./lib/theme";
import type { Shared, View } from "./lib/view";
import { mountPlayer } from "./player";
import { mountPromptBox } from "./prompt-box";
import { mountStudio } from "./studio";
import { mountUploader } from "./upload";

// Each entry knows its own traits; the model that arrives has those of its `_kind`.
type Mounts = Record<string, (view: View<never>) => void>;

const mounts: Mounts = {
  compare: mountCompare,
  player: mountPlayer,
  "prompt-box": mountPromptBox,
  studio: mountStudio,
  uploader: mountUploader,
};

/** Build a view of the widget inside `props.el`; it takes itself down when `props.signal` aborts. */
export function mount(props: RenderProps, shared: Shared): void {
  const { model, el, signal, host } = props;
  const kind = String(model.get("_kind"));
  const build = mounts[kind];
  if (!build) throw new Error(`there is no view for "${kind}"; the kernel's version differs from the page's`);
  el.classList.add("nemo");
  keepShortcutsOff(el, signal);
  // ... and on every keydown it adds a listener to the target that forbids a line break inside a cell: keep that from hearing.
  el.addEventListener("beforeinput", (event) => event.stopPropagation(), { capture: true, signal });
  signal.addEventListener("abort", () => el.classList.remove("nemo"));
  adoptStyles(el, signal);
  hideFallback(String(model.get("_fallback") ?? ""), el, signal);
  build({ model: model as never, el, signal, host, shared });
}

/**
 * JupyterLab runs its shortcuts on keys that no input takes: M on a button would turn the cell, and all that it shows, into text.
 * It looks for the attribute from the focused element upwards, but for a shortcut that matches there first: so the focused
 * element itself must have it.
 */
function keepShortcutsOff(el: HTMLElement, signal: AbortSignal): void {
  el.dataset.lmSuppressShortcuts = "true";
  el.tabIndex = -1; // a click beside the controls focuses this, not the cell
  el.addEventListener("focusin", ({ target }) => suppress(target, true), { signal });
  // Saving is what a person expects from anywhere. JupyterLab listens on the document, so this hears a key before it does.
  window.addEventListener(
    "keydown",
    (event) => {
      if (!(event.target instanceof Node) || !el.contains(event.target)) return;
      const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
      suppress(el, !saves);
      suppress(event.target, !saves);
    },
    { capture: true, signal },
  );
}

function suppress(target: EventTarget | null, on: boolean): void {
  if (!(target instanceof HTMLElement)) return;
  if (on) target.dataset.lmSuppressShortcuts = "true";
  else delete target.dataset.lmSuppressShortcuts;
}
