import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { TurnState } from "../generated/messages";
import { useElapsed } from "../lib/clock";
import { Prose } from "../lib/markdown";
import { elapsed } from "../lib/words";

interface TranscriptProps {
  turns: TurnState[];
  /** Put a prompt back into the field, to send it again. */
  onReuse(prompt: string): void;
}

/** The conversation. A log to screen readers: they read an answer when it is complete, not every piece of it. */
export function Transcript({ turns, onReuse }: TranscriptProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  useLayoutEffect(() => {
    if (box.current && pinned.current) box.current.scrollTop = box.current.scrollHeight;
  }, [turns]);
  useEffect(() => {
    // After a reload of the page the first rendering happens before there is any room to scroll in.
    const log = box.current;
    const observer = new ResizeObserver(() => {
      if (log && pinned.current) log.scrollTop = log.scrollHeight;
    });
    if (log) observer.observe(log);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      class="nemo-transcript"
      role="log"
      aria-label="Conversation"
      aria-busy={turns.some(isRunning)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        if (clientHeight > 0) pinned.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      {turns.map((turn) => (
        <Turn key={turn.number} turn={turn} onReuse={onReuse} />
      ))}
    </div>
  );
}

function Turn({ turn, onReuse }: { turn: TurnState; onReuse: TranscriptProps["onReuse"] }): JSX.Element {
  return (
    <article class="nemo-turn">
      <p class="nemo-said">
        <span class="nemo-visually-hidden">You: </span>
        {turn.prompt}
      </p>
      {turn.text && <Prose markdown={turn.text} />}
      <Changes turn={turn} />
      <Asides turn={turn} />
      {isRunning(turn) && <Progress turn={turn} />}
      {turn.status === "stopped" && <p class="nemo-muted">Stopped.</p>}
      {turn.error && (
        <p class="nemo-error" role="alert">
          {turn.error}
        </p>
      )}
      {(turn.status === "failed" || turn.status === "stopped") && (
        <button type="button" class="nemo-link" onClick={() => onReuse(turn.prompt)}>
          Put this prompt back into the field
        </button>
      )}
    </article>
  );
}

/** What the turn did to the timeline, folded; nothing when the answer itself lists it, as it does after a silent edit. */
function Changes({ turn: { changes, text } }: { turn: TurnState }): JSX.Element | null {
  if (changes.every((change) => text.includes(change))) return null;
  return (
    <details class="nemo-changes">
      <summary>{changes.length === 1 ? "1 change" : `${changes.length} changes`} to the timeline</summary>
      <ul>
        {changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
    </details>
  );
}

/** What belongs to the answer but is not the agent's: a look taken for the person, what to do next, a hint. */
function Asides({ turn: { shown, suggestions, hint } }: { turn: TurnState }): JSX.Element {
  return (
    <>
      {shown.map((line) => (
        <p key={line} class="nemo-muted">
          {line}
        </p>
      ))}
      {suggestions.map(({ words, call }) => (
        <p key={call} class="nemo-muted">
          {words}: <code>{call}</code>
        </p>
      ))}
      {hint && <p class="nemo-muted">{hint}</p>}
    </>
  );
}

/** "Generating video · 12 s". The words are announced when they change, the seconds are not. */
function Progress({ turn }: { turn: TurnState }): JSX.Element {
  const seconds = useElapsed(turn.elapsed_s, true);
  const doing =
    turn.status === "setting_up" ? "Setting up…" : turn.activity || (turn.text ? "Writing" : "Thinking");
  return (
    <p class="nemo-progress-line">
      <span class="nemo-dot" aria-hidden="true" />
      <span role="status">{doing}</span>
      <span aria-hidden="true">· {elapsed(seconds.value)}</span>
    </p>
  );
}

function isRunning(turn: TurnState): boolean {
  return turn.status === "setting_up" || turn.status === "working";
}
