import type { ComponentChildren, JSX } from "preact";
import type { HandOverState } from "../generated/messages";
import { Icon, type IconName } from "../lib/icons";
import { fileSize } from "../lib/words";
import type { Upload } from "./upload";
import type { Uploads } from "./uploads";
import { progressWords } from "./words";

interface RowProps {
  upload: Upload;
  uploads: Uploads;
  handOver: HandOverState | undefined;
}

/** A file of this view on its way. */
export function UploadRow({ upload, uploads, handOver }: RowProps): JSX.Element {
  const { name, size } = upload;
  const stage = upload.stage.value;
  const received = upload.received.value;
  const failed = stage === "failed";
  const sending = stage === "sending";
  return (
    <Row
      name={name}
      error={upload.error.value}
      fraction={stage === "handing" ? fractionOf(handOver) : received / size}
      words={
        stage === "handing"
          ? handOverWords(handOver)
          : stage === "waiting"
            ? "Waiting"
            : stage === "paused"
              ? `Paused at ${fileSize(received)} of ${fileSize(size)}`
              : uploads.window.waiting.value
                ? `Waiting for the kernel, nothing is lost · ${progressWords(received, size, 0)}`
                : progressWords(received, size, upload.speed.value)
      }
    >
      {sending && <RowButton name="pause" label={`Pause ${name}`} onClick={() => uploads.pause(upload)} />}
      {stage === "paused" && (
        <RowButton name="play" label={`Go on with ${name}`} onClick={() => uploads.resume(upload)} />
      )}
      {failed && (upload.id || handOver?.retryable) && (
        <RowButton name="replay" label={`Try ${name} again`} onClick={() => uploads.again(upload)} />
      )}
      <RowButton
        name="close"
        label={failed ? `Dismiss the message about ${name}` : `Cancel the upload of ${name}`}
        onClick={() => uploads.cancel(upload)}
      />
    </Row>
  );
}

/** A file that another view, or this page before it was loaded again, has handed to the kernel. */
export function HandOverRow({ state, uploads }: { state: HandOverState; uploads: Uploads }): JSX.Element {
  const { name, upload, error, retryable } = state;
  return (
    <Row name={name} error={error} fraction={fractionOf(state)} words={handOverWords(state)}>
      {error && retryable && (
        <RowButton name="replay" label={`Try ${name} again`} onClick={() => uploads.retry(upload)} />
      )}
      <RowButton
        name="close"
        label={error ? `Dismiss the message about ${name}` : `Cancel the upload of ${name}`}
        onClick={() => void uploads.drop(upload)}
      />
    </Row>
  );
}

interface RowFace {
  name: string;
  error: string;
  /** 0 to 1; undefined while nobody knows. */
  fraction: number | undefined;
  words: string;
  children: ComponentChildren;
}

function Row({ name, error, fraction, words, children }: RowFace): JSX.Element {
  return (
    <li class="nemo-upload">
      <div class="nemo-upload-words">
        {error ? (
          <p class="nemo-error">{error}</p>
        ) : (
          <>
            <p>{name}</p>
            <progress aria-label={`Uploading ${name}`} max={1} value={fraction} />
            <p class="nemo-hint">{words}</p>
          </>
        )}
      </div>
      {children}
    </li>
  );
}

function RowButton(props: { name: IconName; label: string; onClick(): void }): JSX.Element {
  return (
    <button
      type="button"
      class="nemo-icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <Icon name={props.name} />
    </button>
  );
}

function fractionOf(state: HandOverState | undefined): number | undefined {
  return state?.phase === "sending" ? state.sent_bytes / state.size_bytes : undefined;
}

function handOverWords(state: HandOverState | undefined): string {
  return state?.phase === "sending"
    ? `To the service: ${fileSize(state.sent_bytes)} of ${fileSize(state.size_bytes)}`
    : "The kernel has it and looks at it";
}
