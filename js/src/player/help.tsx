import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { SHORTCUTS } from "./keymap";

/** What each key does. */
export function HelpCard({ onClose }: { onClose(): void }): JSX.Element {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus({ preventScroll: true }), []);
  return (
    <div class="nemo-help" role="dialog" aria-label="Keys of the player">
      <dl>
        {SHORTCUTS.map(({ shown, does }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button ref={close} type="button" class="nemo-button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}
