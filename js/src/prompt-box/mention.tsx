import { useSignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import type { Sender } from "./sender";

const MOST = 8;

/** What is typed after an `@` right before the cursor, and where that stands; undefined when there is none. */
export function mentionAt(text: string, cursor: number): { from: number; typed: string } | undefined {
  const typed = /(?:^|\s)@([^\s@]*)$/.exec(text.slice(0, cursor))?.[1];
  return typed === undefined ? undefined : { from: cursor - typed.length, typed };
}

/** Names that go with what is typed: those that begin with it first. */
export function matches(names: readonly string[], typed: string): string[] {
  const place = (name: string) => name.toLowerCase().indexOf(typed.toLowerCase());
  return names
    .filter((name) => place(name) >= 0)
    .sort((one, other) => place(one) - place(other))
    .slice(0, MOST);
}

interface Mention {
  /** Whether the key was for the list. */
  onKey(event: KeyboardEvent): boolean;
  /** The cursor has moved, or the text has changed. */
  look(): void;
  close(): void;
  /** What the field says of itself while the list is open. */
  aria: object;
  list: JSX.Element | null;
}

/** The names of files, to be chosen from while one is typed after an `@`. */
export function useMention(
  sender: Sender,
  field: RefObject<HTMLTextAreaElement | null>,
  names: readonly string[],
  id: string,
): Mention {
  const cursor = useSignal(-1); // where names are offered; nowhere
  const chosen = useSignal(0);
  const at = cursor.value < 0 ? undefined : mentionAt(sender.text.value, cursor.value);
  const found = at ? matches(names, at.typed) : [];
  const isOpen = found.length > 0;
  const close = () => {
    cursor.value = -1;
  };
  const take = (name: string) => {
    const input = field.current;
    if (!at || !input) return;
    const till = cursor.value;
    close();
    input.setRangeText(`${name} `, at.from, till, "end");
    sender.type(input.value);
    input.focus();
  };
  return {
    close,
    look() {
      chosen.value = 0;
      const { selectionStart = -1, selectionEnd } = field.current ?? {};
      cursor.value = selectionStart === selectionEnd ? selectionStart : -1;
    },
    onKey(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!isOpen || event.isComposing || event.shiftKey) return false;
      if (step) chosen.value = (chosen.value + step + found.length) % found.length;
      else if (event.key === "Enter" || event.key === "Tab") take(found[chosen.value] ?? "");
      else if (event.key === "Escape") close();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    aria: isOpen
      ? {
          role: "combobox",
          "aria-expanded": true,
          "aria-autocomplete": "list",
          "aria-controls": `${id}-names`,
          "aria-activedescendant": `${id}-name-${chosen.value}`,
        }
      : {},
    list: isOpen ? (
      <div class="nemo-names" role="listbox" id={`${id}-names`} aria-label="Files">
        {found.map((name, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: as aria-activedescendant says
          <div
            key={name}
            id={`${id}-name-${place}`}
            role="option"
            aria-selected={place === chosen.value}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(name)}
          >
            @{name}
          </div>
        ))}
      </div>
    ) : null,
  };
}
