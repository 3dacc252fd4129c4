import { createHash } from "node:crypto";
import type { AnyAsk } from "../../src/generated/messages";
import type { Digest } from "../../src/upload/digest";
import { type FakeModel, settled } from "../fakes";

/** Hashes at once, as the worker would do in its time. */
export const digest: Digest = (file, prefixBytes) => {
  const hex = async (blob: Blob) =>
    createHash("sha256")
      .update(new Uint8Array(await blob.arrayBuffer()))
      .digest("hex");
  return { prefix: hex(file.slice(0, prefixBytes)), whole: hex(file) };
};

interface Incoming {
  name: string;
  bytes: Uint8Array;
  have: Uint8Array;
  done: boolean;
}

type Sent = FakeModel["sent"][number];

/** A kernel that takes uploads as the real one does; what it says can be lost, and it can be busy. */
export class Kernel {
  readonly files = new Map<string, Incoming>();
  readonly order: string[] = [];
  busy = false;
  /** Whether an answer gets through. */
  loses: (ask: AnyAsk) => boolean = () => false;
  /** Whether an ask never arrives. */
  misses: (ask: AnyAsk) => boolean = () => false;
  fails: (ask: AnyAsk) => string = () => "";
  #answered = 0;

  constructor(readonly model: FakeModel) {}

  /** Put the beginning of a file there, as an earlier try would have left it. */
  leave(upload: string, name: string, size: number, beginning: Uint8Array): void {
    const file = { name, bytes: new Uint8Array(size), have: new Uint8Array(size), done: false };
    file.bytes.set(beginning);
    file.have.fill(1, 0, beginning.length);
    this.files.set(upload, file);
  }

  /** Answer all that was asked, until nothing more comes. */
  async work(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet++) {
      await settled();
      await new Promise((resolve) => setTimeout(resolve, 1));
      while (!this.busy && this.#answered < this.model.sent.length) {
        const next = this.model.sent[this.#answered++];
        if (next && !this.misses(next.content)) this.#answer(next);
        quiet = 0;
      }
    }
  }

  #answer({ content, buffers }: Sent): void {
    const reply = this.#reply(content, buffers[0] as Uint8Array | undefined);
    if (reply && !this.loses(content)) this.model.say({ ...reply, id: content.id } as never);
  }

  #reply(ask: AnyAsk, data: Uint8Array | undefined): object | undefined {
    const refused = this.fails(ask);
    if (refused) return { type: "failed", message: refused };
    switch (ask.type) {
      case "cancel":
        return undefined;
      case "begin_upload": {
        let upload = [...this.files].find(([, { name, done }]) => name === ask.name && !done)?.[0];
        if (upload === undefined || ask.fresh) {
          upload = `u${this.files.size + 1}`;
          this.leave(upload, ask.name, ask.size_bytes, new Uint8Array());
        }
        const { bytes } = this.#file(upload);
        const received_bytes = this.#received(upload);
        const prefix_digest = received_bytes
          ? createHash("sha256").update(bytes.subarray(0, received_bytes)).digest("hex")
          : "";
        return { type: "upload_begun", upload, received_bytes, prefix_digest };
      }
      case "upload_chunk": {
        const file = this.#file(ask.upload);
        if (data?.length) {
          this.order.push(file.name);
          file.bytes.set(data, ask.offset);
          file.have.fill(1, ask.offset, ask.offset + data.length);
        }
        return { type: "chunk_taken", received_bytes: this.#received(ask.upload) };
      }
      case "finish_upload": {
        const file = this.#file(ask.upload);
        if (createHash("sha256").update(file.bytes).digest("hex") !== ask.digest)
          return { type: "failed", message: `${file.name} did not arrive as it was sent.` };
        file.done = true;
        return { type: "done" };
      }
      case "drop_upload":
        this.files.delete(ask.upload);
        return { type: "done" };
      default:
        return { type: "done" };
    }
  }

  #file(upload: string): Incoming {
    const file = this.files.get(upload);
    if (!file) throw new Error(`nothing was begun as ${upload}`);
    return file;
  }

  #received(upload: string): number {
    const { have } = this.#file(upload);
    const gap = have.indexOf(0);
    return gap < 0 ? have.length : gap;
  }
}
