import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../lib/icons";
import { isRepeat, onSendKey } from "../lib/keys";
import type { Sender } from "./sender";

export const EXAMPLES = [
  "A 10-second cinematic clip of a futuristic city at night",
  'Sunset over the sea with the title "Far Away" and calm music',
  "A vertical 6-second clip of a misty forest at dawn",
] as const;

interface PromptProps {
  sender: Sender;
  /** An answer is coming: Stop takes the place of Send. */
  busy: boolean;
  /** Nothing was sent yet: offer examples. */
  fresh: boolean;
}

export function Prompt({ sender, busy, fresh }: PromptProps): JSX.Element {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = !sender.sending.value && sender.text.value.trim() !== "";
  const wanted = sender.wanted.value;
  useEffect(() => {
    if (wanted > 0) field.current?.focus();
  }, [wanted]);
  return (
    <div class="nemo-prompt">
      {fresh && <Examples onChoose={(example) => sender.reuse(example)} />}
      <div class="nemo-field">
        <textarea
          ref={field}
          id={`${id}-text`}
          rows={3}
          aria-label="Prompt"
          aria-describedby={`${id}-hint`}
          placeholder={
            fresh
              ? "Describe the video: what is seen, the mood, how long"
              : "Say what to change, or what comes next"
          }
          value={sender.text.value}
          onInput={(event) => sender.type(event.currentTarget.value)}
          onKeyDown={onSendKey(() => void sender.send())}
        />
        <div class="nemo-field-row">
          <span id={`${id}-hint`} class="nemo-hint">
            {busy ? (
              "You can write on; send it when the answer is there"
            ) : (
              <>
                <kbd>Enter</kbd> sends · <kbd>Shift</kbd>+<kbd>Enter</kbd> starts a new line
              </>
            )}
          </span>
          <button
            type="button"
            class={busy ? "nemo-button" : "nemo-button nemo-button-primary"}
            aria-disabled={!busy && !ready}
            onClick={(event) => {
              if (!isRepeat(event)) void (busy ? sender.stop() : sender.send());
            }}
          >
            <Icon name={busy ? "stop" : "send"} />
            {busy ? "Stop" : "Send"}
          </button>
        </div>
      </div>
      {sender.error.value && (
        <p class="nemo-error" role="alert">
          {sender.error.value}
        </p>
      )}
    </div>
  );
}

function Examples({ onChoose }: { onChoose(example: string): void }): JSX.Element {
  return (
    <ul class="nemo-examples" aria-label="Examples">
      {EXAMPLES.map((example) => (
        <li key={example}>
          <button type="button" class="nemo-example" onClick={() => onChoose(example)}>
            {example}
          </button>
        </li>
      ))}
    </ul>
  );
}
