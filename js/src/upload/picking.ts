import { deferred } from "../lib/deferred";

/** What the service takes, by the end of the name; `_TYPES` of `client/upload.py` is the original. */
export const TAKEN = "mp4 mov avi webm mkv jpg jpeg png gif webp mp3 wav m4a aac".split(" ");

export const ACCEPT = [...TAKEN, "txt", "csv"].map((type) => `.${type}`).join(",");

export const endOf = (name: string) => name.slice(name.lastIndexOf(".") + 1).toLowerCase();

/** Files to be taken, and how many of a folder were left out because the service has no use for them. */
export interface Picked {
  files: File[];
  leftOut: number;
}

const isTaken = ({ name }: { name: string }) => !name.startsWith(".") && TAKEN.includes(endOf(name));

/** Files that a picker of folders gave: all of it, sub-folders too. */
export function ofFolder(files: Iterable<File>): Picked {
  const all = [...files];
  const taken = all.filter(isTaken);
  return { files: taken, leftOut: all.length - taken.length };
}

/** What was dropped: files as they are, folders with all that is inside. Must be called while the drop is handled. */
export async function ofDrop({ items, files }: DataTransfer): Promise<Picked> {
  const picked: Picked = { files: [], leftOut: 0 };
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const folders = entries.filter((entry) => entry?.isDirectory) as FileSystemDirectoryEntry[];
  if (folders.length === 0) return { files: [...files], leftOut: 0 };
  const single = [...items].map((item) => item.getAsFile());
  entries.forEach((entry, place) => {
    const file = single[place];
    if (file && !entry?.isDirectory) picked.files.push(file);
  });
  for (const folder of folders) await walk(folder, picked);
  return picked;
}

async function walk(folder: FileSystemDirectoryEntry, picked: Picked): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return; // a reader gives a hundred at a time
    for (const entry of batch) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, picked);
      else if (isTaken(entry)) {
        const { promise, resolve, reject } = deferred<File>();
        (entry as FileSystemFileEntry).file(resolve, reject);
        picked.files.push(await promise);
      } else picked.leftOut++;
    }
  }
}

/** Pictures in a clipboard; empty when text is there too, which is what a person pastes into a field. */
export function ofClipboard(data: DataTransfer | null, taken: ReadonlySet<string>): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  let number = 0;
  return [...data.files]
    .filter(({ type }) => type.startsWith("image/"))
    .map((file) => {
      if (file.name !== "image.png") return file; // what browsers call a picture that has no name
      do number++;
      while (taken.has(`pasted-${number}.png`));
      return new File([file], `pasted-${number}.png`, { type: file.type, lastModified: file.lastModified });
    });
}
