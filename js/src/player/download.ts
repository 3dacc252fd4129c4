import type { ClipFacts } from "../generated/messages";
import type { Asker } from "../lib/rpc";
import { pullClip, pullRanges } from "./loader";

const IN_MEMORY_BYTES = 64 * 1024 * 1024;

interface SavePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** Save a clip: large ones straight to the disk where the browser lets a page do that, else out of memory. */
export async function saveClip(
  asker: Asker,
  clip: ClipFacts,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { showSaveFilePicker: pick } = window as SavePicker;
  if (pick && clip.size_bytes > IN_MEMORY_BYTES) {
    const handle = await pick.call(window, { suggestedName: clip.name });
    const file = await handle.createWritable();
    try {
      await pullRanges(asker, clip, { signal, onProgress }, (bytes, position) =>
        file.write({ type: "write", position, data: bytes }),
      );
    } catch (error) {
      await file.abort();
      throw error;
    }
    return file.close();
  }
  const url = URL.createObjectURL(await pullClip(asker, clip, { signal, onProgress }));
  const link = document.createElement("a");
  link.href = url;
  link.download = clip.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser reads it after the click
}
