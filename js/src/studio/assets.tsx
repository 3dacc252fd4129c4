import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { type AssetState, MAX_FILE_BYTES } from "../generated/messages";
import { Icon } from "../lib/icons";
import { clockTime } from "../lib/words";
import type { Upload, Uploads } from "./uploads";

/** What the session has been given, and the place to drop more. */
export function Assets({ assets, uploads }: { assets: AssetState[]; uploads: Uploads }): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <section class="nemo-assets" aria-label="Footage">
      {(assets.length > 0 || uploads.items.value.length > 0) && (
        <ul>
          {assets.map((asset, index) => (
            <li key={index} class="nemo-chip">
              <Icon name="file" />
              <span>{asset.name}</span>
              <span class="nemo-muted">
                {asset.kind}
                {asset.duration_s > 0 && ` · ${clockTime(asset.duration_s)}`}
              </span>
            </li>
          ))}
          {uploads.items.value.map((upload) => (
            <UploadRow key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
      <p class="nemo-hint">
        Drop footage here, or{" "}
        <button type="button" class="nemo-link" onClick={() => picker.current?.click()}>
          choose files
        </button>{" "}
        · up to {MAX_FILE_BYTES / 2 ** 20} MiB each
      </p>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept="video/*,image/*,audio/*,.mkv"
        onChange={({ currentTarget }) => {
          uploads.add(currentTarget.files ?? []);
          currentTarget.value = ""; // so that the same file can be chosen again
        }}
      />
    </section>
  );
}

function UploadRow({ upload }: { upload: Upload }): JSX.Element {
  const { name, fraction, error } = upload;
  return (
    <li class="nemo-upload">
      {error.value ? (
        <span class="nemo-error" role="alert">
          {error.value}
        </span>
      ) : (
        <>
          <span>{name}</span>
          <progress
            aria-label={`Uploading ${name}`}
            max={1}
            value={fraction.value < 1 ? fraction.value : undefined}
          />
        </>
      )}
      <button
        type="button"
        class="nemo-icon-button"
        aria-label={error.value ? `Dismiss the message about ${name}` : `Cancel the upload of ${name}`}
        onClick={() => upload.remove()}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
