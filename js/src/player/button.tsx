import type { JSX } from "preact";
import { Icon, type IconName } from "../lib/icons";

interface IconButtonProps {
  icon: IconName;
  name: string;
  pressed?: boolean;
  expanded?: boolean;
  onClick(): void;
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
