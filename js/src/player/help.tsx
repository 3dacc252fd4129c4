import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./button";
import { SHORTCUTS } from "./keymap";

/** What each key does. */
export function HelpCard({ onClose }: { onClose(): void }): JSX.Element {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.querySelector("button")?.focus({ preventScroll: true }), []);
  return (
    <div ref={card} class="nemo-help" role="dialog" aria-label="Keys of the player">
      <p>
        Keys
        <IconButton icon="close" name="Close (Esc)" onClick={onClose} />
      </p>
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
    </div>
  );
}
