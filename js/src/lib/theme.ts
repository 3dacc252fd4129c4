import base from "../styles/base.css";
import compare from "../styles/compare.css";
import conversation from "../styles/conversation.css";
import player from "../styles/player.css";
import playerControls from "../styles/player-controls.css";
import playerScrubber from "../styles/player-scrubber.css";
import playerStage from "../styles/player-stage.css";
import studio from "../styles/studio.css";
import upload from "../styles/upload.css";

const PLAYER = playerStage + playerScrubber + playerControls + player; // the last hides what is too wide
const users = new WeakMap<Document | ShadowRoot, number>();
let sheet: CSSStyleSheet | undefined;

/** Give the root that holds `el` our style sheet, until the last view in it goes. */
export function adoptStyles(el: HTMLElement, signal: AbortSignal): void {
  const found = el.getRootNode();
  const root = found instanceof ShadowRoot ? found : document;
  sheet ??= styleSheet(base + PLAYER + conversation + studio + upload + compare);
  const own = sheet;
  const count = users.get(root) ?? 0;
  users.set(root, count + 1);
  if (count === 0) root.adoptedStyleSheets = [...root.adoptedStyleSheets, own];
  signal.addEventListener("abort", () => {
    const left = (users.get(root) ?? 1) - 1;
    users.set(root, left);
    if (left === 0) root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== own);
  });
}

/**
 * Hide what a saved notebook shows in place of this widget or clip, in the output area that holds `el`, as long as the live view is there.
 * A copy of the notebook beside it, which has no live view, goes on showing it.
 */
export function hideFallback(what: string, el: HTMLElement, signal: AbortSignal): void {
  if (!/^[0-9a-z]+$/.test(what)) return;
  const mark = `data-nemo-${what}`;
  const fallback = `.nemo-fallback-${what}`;
  const own = styleSheet(
    `[${mark}] :is(.jp-OutputArea-child:has(${fallback}),${fallback}){display:none!important}`,
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own];
  let area: Element | undefined;
  const observer = new ResizeObserver(() => {
    if (!el.isConnected) return; // a view is made first and put into the page then
    observer.disconnect();
    area = el.closest(".jp-OutputArea") ?? document.body;
    area.setAttribute(mark, "");
  });
  observer.observe(el);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    area?.removeAttribute(mark);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== own);
  });
}

function styleSheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
