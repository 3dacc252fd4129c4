import { beforeEach, describe, expect, test } from "vitest";
import type { Update } from "../../src/generated/messages";
import { isAbort, KernelError, Rpc } from "../../src/lib/rpc";
import type { Shared } from "../../src/lib/view";
import { FakeModel, settled } from "../fakes";

const noEarly = (): Shared => ({ early: [] });

describe("Rpc", () => {
  let model: FakeModel;
  let life: AbortController;

  beforeEach(() => {
    model = new FakeModel({});
    life = new AbortController();
  });

  const open = (shared: Shared = noEarly()) => new Rpc(model.asModel, shared, life.signal);
  const idOf = (index: number) => model.sent[index]?.content.id ?? "";

  test("matches answers to questions by id, in any order", async () => {
    const rpc = open();
    const first = rpc.ask({ type: "read_range", clip: "a", offset: 0, length: 4 });
    const second = rpc.ask({ type: "read_range", clip: "a", offset: 4, length: 4 });
    model.say({ type: "range_data", id: idOf(1), offset: 4, total_bytes: 8 });
    model.say({ type: "range_data", id: idOf(0), offset: 0, total_bytes: 8 });
    expect((await first).reply.offset).toBe(0);
    expect((await second).reply.offset).toBe(4);
  });

  test("two views of one model never take each other's answers", async () => {
    const [one, other] = [open(), open()];
    const asked = one.ask({ type: "stop_answer" });
    let taken = false;
    void other.ask({ type: "stop_answer" }).then(() => {
      taken = true;
    });
    expect(idOf(0)).not.toBe(idOf(1));
    model.say({ type: "done", id: idOf(0) });
    await asked;
    await settled();
    expect(taken).toBe(false);
  });

  test("a failed answer is an error in the kernel's words", async () => {
    const asked = open().ask({ type: "start_export" });
    model.say({ type: "failed", id: idOf(0), message: "There is nothing to export yet." });
    await expect(asked).rejects.toThrow(new KernelError("There is nothing to export yet."));
  });

  test("an aborted question is cancelled in the kernel, and its late answer ignored", async () => {
    const change = new AbortController();
    const asked = open().ask(
      { type: "read_range", clip: "a", offset: 0, length: 1 },
      { signal: change.signal },
    );
    change.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    expect(model.sent[1]?.content).toEqual({ type: "cancel", id: idOf(0) });
    model.say({ type: "range_data", id: idOf(0), offset: 0, total_bytes: 1 });
  });

  test("a view that goes cancels all it waits for and leaves no listener", async () => {
    const asked = open().ask({ type: "get_snapshot" });
    life.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    expect(model.listenerCount).toBe(0);
  });

  test("an answered question leaves nothing to cancel", async () => {
    const asked = open().ask({ type: "get_snapshot" });
    model.say({ type: "done", id: idOf(0) });
    await asked;
    life.abort();
    expect(model.sent).toHaveLength(1);
  });

  test("what the kernel said before the view was there still arrives, once", async () => {
    const update: Update = { type: "update", seq: 1, turns: [], texts: [] };
    const shared: Shared = { early: [[update, []]] };
    const heard: number[] = [];
    open(shared).onUpdate(({ seq }) => heard.push(seq));
    open(shared).onUpdate(({ seq }) => heard.push(seq + 100));
    await settled();
    expect(heard).toEqual([1]);
    expect(shared.early).toBeNull();
  });
});

test("whatever reason a view goes for, who still waits hears that the answer is not wanted", async () => {
  const model = new FakeModel({});
  const life = new AbortController();
  const asked = new Rpc(model.asModel, { early: null }, life.signal).ask({ type: "get_snapshot" });
  life.abort("View destroyed.");
  await expect(asked).rejects.toSatisfy(isAbort);
});
