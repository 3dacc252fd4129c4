import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { StudioState } from "../generated/messages";
import { type Asker, isAbort } from "../lib/rpc";
import { Card } from "./card";
import { takeIn } from "./intake";
import { ACCEPT, ofFolder, type Picked } from "./picking";
import { HandOverRow, UploadRow } from "./row";
import type { Uploads } from "./uploads";
import { countOf, progressWords } from "./words";

interface FootageProps {
  state: Pick<StudioState, "assets" | "hand_overs" | "prompt_rows">;
  uploads: Uploads;
  asker: Asker;
  /** The largest file that is taken. */
  maxBytes: number;
  /** Put the name of a file into the prompt. */
  onMention?: (name: string) => void;
  /** Make a text the prompt. */
  onText?: (text: string) => void;
}

/** What the session has been given, what is on its way, and the place to drop more. */
export function Footage(props: FootageProps): JSX.Element {
  const { state, uploads, asker, onMention } = props;
  const items = uploads.items.value;
  const byUpload = new Map(state.hand_overs.map((one) => [one.upload, one]));
  const own = new Set(items.map(({ id }) => id));
  const others = state.hand_overs.filter(({ upload }) => !own.has(upload));
  const rows = state.prompt_rows;
  const { files, bytes, received, speed } = uploads.totals.value;
  return (
    <section class="nemo-footage" aria-label="Footage">
      {state.assets.length > 0 && (
        <ul class="nemo-cards" aria-label="Files of this session">
          {state.assets.map((asset) => (
            <Card
              key={asset.name}
              asset={asset}
              onMention={onMention}
              onRemove={() => {
                asker.ask({ type: "forget_asset", name: asset.name }).catch((error) => {
                  if (!isAbort(error)) uploads.notice.value = String(error.message);
                });
              }}
            />
          ))}
        </ul>
      )}
      {items.length + others.length > 0 && (
        <ul class="nemo-uploads" aria-label="Uploads">
          {items.map((upload) => (
            <UploadRow
              key={upload.key}
              upload={upload}
              uploads={uploads}
              handOver={byUpload.get(upload.id)}
            />
          ))}
          {others.map((one) => (
            <HandOverRow key={one.upload} state={one} uploads={uploads} />
          ))}
        </ul>
      )}
      {files > 1 && (
        <p class="nemo-hint">
          {countOf(files)} · {progressWords(received, bytes, speed)}
        </p>
      )}
      {uploads.notice.value && <p class="nemo-error">{uploads.notice.value}</p>}
      {rows && (
        <details class="nemo-changes">
          <summary>
            {rows.prompts.length} prompts of {rows.name}: compare them with <code>{rows.call}</code>
          </summary>
          <ol>
            {rows.prompts.map((prompt, place) => (
              <li key={place}>{prompt}</li>
            ))}
          </ol>
        </details>
      )}
      <Zone {...props} />
      {/* One voice for all files, which speaks at the turns only: begun, arrived, failed, waiting. */}
      <p class="nemo-visually-hidden" role="status">
        {uploads.notice.value || uploads.said.value}
      </p>
    </section>
  );
}

function Zone({ uploads, maxBytes, onText }: FootageProps): JSX.Element {
  const one = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (picked: Picked) => void takeIn(picked, uploads, onText);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame and legend
    <div class="nemo-zone" role="group" aria-label="Add files">
      <p>
        Drop files or a folder here, paste a picture, or{" "}
        <button type="button" class="nemo-link" onClick={() => one.current?.click()}>
          choose files
        </button>{" "}
        or{" "}
        <button type="button" class="nemo-link" onClick={() => folder.current?.click()}>
          a folder
        </button>
      </p>
      <p class="nemo-hint">Video, pictures and sound, up to {Math.floor(maxBytes / 2 ** 20)} MB each</p>
      <input
        ref={one}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        onChange={({ currentTarget }) => {
          take({ files: [...(currentTarget.files ?? [])], leftOut: 0 });
          currentTarget.value = ""; // so that the same file can be chosen again
        }}
      />
      <input
        ref={(input) => {
          folder.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        hidden
        onChange={({ currentTarget }) => {
          take(ofFolder(currentTarget.files ?? []));
          currentTarget.value = "";
        }}
      />
    </div>
  );
}
