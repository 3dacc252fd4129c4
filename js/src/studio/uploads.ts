import { signal as makeSignal, type Signal } from "@preact/signals";
import { FIRST_CHUNK_BYTES, HEAD_BYTES, MAX_FILE_BYTES } from "../generated/messages";
import { type Asker, inWords, isAbort } from "../lib/rpc";
import { fileSize } from "../lib/words";

/** A file on its way. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** 0 to 1 while it goes to the kernel; 1 while the kernel hands it to the service. */
  readonly fraction: Signal<number>;
  readonly error: Signal<string>;
  /** Stop it, or take its error away. */
  remove(): void;
}

/** Files from the browser to the service through the kernel, one after the other, each in chunks. */
export class Uploads {
  readonly items = makeSignal<readonly Upload[]>([]);
  readonly #asker: Asker;
  readonly #signal: AbortSignal;
  #count = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(asker: Asker, signal: AbortSignal) {
    this.#asker = asker;
    this.#signal = signal;
  }

  add(files: Iterable<File>): void {
    for (const file of files) this.#add(file);
  }

  #add(file: File): void {
    const stop = new AbortController();
    const upload: Upload = {
      key: ++this.#count,
      name: file.name,
      fraction: makeSignal(0),
      error: makeSignal(""),
      remove: () => {
        stop.abort();
        this.#forget(upload);
      },
    };
    this.items.value = [...this.items.value, upload];
    if (file.size > MAX_FILE_BYTES) {
      upload.error.value = tooLarge(file);
      return;
    }
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    this.#last = this.#last.then(() => this.#run(file, upload, signal));
  }

  async #run(file: File, upload: Upload, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    let name: string | undefined;
    try {
      const begun = await this.#asker.ask(
        {
          type: "begin_upload",
          name: file.name,
          size_bytes: file.size,
          modified_ms: file.lastModified,
          fresh: true,
        },
        { signal, buffers: [new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())] },
      );
      name = begun.reply.upload;
      for (let offset = 0; offset < file.size; offset += FIRST_CHUNK_BYTES) {
        const chunk = new Uint8Array(await file.slice(offset, offset + FIRST_CHUNK_BYTES).arrayBuffer());
        const { reply } = await this.#asker.ask(
          { type: "upload_chunk", upload: name, offset },
          { signal, buffers: [chunk] },
        );
        upload.fraction.value = reply.received_bytes / file.size;
      }
      const digest = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      await this.#asker.ask({ type: "finish_upload", upload: name, digest }, { signal });
      this.#forget(upload);
    } catch (error) {
      if (!isAbort(error)) upload.error.value = inWords(error);
      if (name && !this.#signal.aborted) await this.#drop(name);
    }
  }

  async #drop(upload: string): Promise<void> {
    try {
      await this.#asker.ask({ type: "drop_upload", upload });
    } catch (error) {
      if (!isAbort(error) && !(error instanceof Error)) throw error; // the kernel forgets it when the widget closes
    }
  }

  #forget(upload: Upload): void {
    this.items.value = this.items.value.filter((other) => other !== upload);
  }
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tooLarge({ name, size }: File): string {
  return (
    `${name} is ${fileSize(size)}; the drop zone takes ${MAX_FILE_BYTES / 2 ** 20} MiB. ` +
    `Larger files go from a cell: await studio.session.upload("${name}")`
  );
}
