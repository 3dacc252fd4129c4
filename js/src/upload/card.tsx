import type { JSX } from "preact";
import type { AssetState } from "../generated/messages";
import { Icon } from "../lib/icons";
import { clockTime, fileSize } from "../lib/words";

interface CardProps {
  asset: AssetState;
  /** Put its name into the prompt. */
  onMention: ((name: string) => void) | undefined;
  onRemove(): void;
}

/** A file that the session has: what it looks like, what it is, and what a prompt calls it. */
export function Card({ asset, onMention, onRemove }: CardProps): JSX.Element {
  const { name, kind, poster, duration_s, size_bytes, width, height } = asset;
  const facts = [
    kind,
    duration_s > 0 && clockTime(duration_s),
    width > 0 && `${width}×${height}`,
    size_bytes > 0 && fileSize(size_bytes),
  ].filter(Boolean);
  return (
    <li class="nemo-card">
      <span class="nemo-thumb">
        {poster.startsWith("data:image/jpeg;") ? <img src={poster} alt="" /> : <Icon name="file" />}
      </span>
      <span class="nemo-card-words">
        {onMention ? (
          <button type="button" class="nemo-link" onClick={() => onMention(name)}>
            @{name}
          </button>
        ) : (
          <span>@{name}</span>
        )}
        <span class="nemo-hint">{facts.join(" · ")}</span>
      </span>
      <button
        type="button"
        class="nemo-icon-button"
        aria-label={`Remove ${name} from the list`}
        title="Removes the card and the name; the session still has the file"
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
