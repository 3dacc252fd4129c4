import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { StudioState } from "../generated/messages";
import { Icon } from "../lib/icons";
import { isRepeat, onSendKey } from "../lib/keys";
import { runningTurn } from "../lib/state";
import { useMention } from "./mention";
import type { Sender } from "./sender";

export const EXAMPLES = [
  "A 10-second cinematic clip of a futuristic city at night",
  'Sunset over the sea with the title "Far Away" and calm music',
  "A vertical 6-second clip of a misty forest at dawn",
] as const;

interface PromptProps {
  sender: Sender;
  state: StudioState;
}

export function Prompt({ sender, state }: PromptProps): JSX.Element {
  const busy = runningTurn(state) !== undefined; // Stop takes the place of Send
  const fresh = state.turns.length === 0;
  const replays = state.recording !== "";
  // A recording offers what comes next in it, all the way; a live service offers examples while nothing was sent.
  const offered = replays ? (busy ? [] : state.prompts) : fresh ? EXAMPLES : [];
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const mention = useMention(
    sender,
    field,
    state.assets.map(({ name }) => name),
    id,
  );
  const onSend = onSendKey(() => void sender.send());
  const ready = !sender.sending.value && sender.text.value.trim() !== "";
  const wanted = sender.wanted.value;
  useEffect(() => {
    if (wanted > 0) field.current?.focus();
  }, [wanted]);
  return (
    <div class="nemo-prompt">
      {offered.length > 0 && (
        <Offered
          prompts={offered}
          label={replays ? "Prompts of the recording" : "Examples"}
          onChoose={(prompt) => sender.reuse(prompt)}
        />
      )}
      <div class="nemo-field">
        <textarea
          ref={field}
          id={`${id}-text`}
          rows={3}
          aria-label="Prompt"
          aria-describedby={`${id}-hint`}
          placeholder={
            replays
              ? "Choose a prompt of the recording"
              : fresh
                ? "Describe the video: what is seen, the mood, how long"
                : "Say what to change, or what comes next"
          }
          value={sender.text.value}
          onInput={(event) => {
            sender.type(event.currentTarget.value);
            mention.look();
          }}
          onKeyDown={(event) => mention.onKey(event) || onSend(event)}
          onClick={mention.look}
          onBlur={mention.close}
          {...mention.aria}
        />
        {mention.list}
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

interface OfferedProps {
  prompts: readonly string[];
  label: string;
  onChoose(prompt: string): void;
}

function Offered({ prompts, label, onChoose }: OfferedProps): JSX.Element {
  return (
    <ul class="nemo-examples" aria-label={label}>
      {prompts.map((prompt) => (
        <li key={prompt}>
          <button type="button" class="nemo-example" onClick={() => onChoose(prompt)}>
            {prompt}
          </button>
        </li>
      ))}
    </ul>
  );
}
