import type { JSX, TargetedMouseEvent } from "preact";
import { Icon, type IconName } from "../lib/icons";

interface IconButtonProps {
  icon: IconName;
  name: string;
  pressed?: boolean;
  expanded?: boolean;
  onClick(event: TargetedMouseEvent<HTMLButtonElement>): void;
}

/** A button that is a picture, with its name for those who don't see it and for those who point at it. */
export function IconButton({ icon, name, pressed, expanded, onClick }: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="nemo-icon-button"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

/** Give the keys to the player as a whole, for a button that goes away when it is used. */
export function focusPlayer({ currentTarget }: TargetedMouseEvent<HTMLButtonElement>): void {
  currentTarget.closest<HTMLElement>(".nemo-player")?.focus({ preventScroll: true });
}
