import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Update } from "../../src/generated/messages";
import { Rpc } from "../../src/lib/rpc";
import { applied, followState } from "../../src/lib/state";
import { FakeModel, STATE, settled, TURN } from "../fakes";

const update = (seq: number, changed: Partial<Update> = {}): Update => ({
  type: "update",
  seq,
  turns: [],
  texts: [],
  ...changed,
});

let model: FakeModel;
let life: AbortController;

beforeEach(() => {
  model = new FakeModel({});
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

const open = () => followState(new Rpc(model.asModel, { early: [] }, life.signal), life.signal);
const asked = () => model.sent.filter(({ content }) => content.type === "get_snapshot");

async function answer(seq: number, timeline: string): Promise<void> {
  const id = asked().at(-1)?.content.id ?? "";
  model.say({ type: "snapshot", id, seq, state: { ...STATE, timeline } });
  await settled();
}

test("turns are replaced by number, texts appended, other fields replaced", () => {
  const before = { ...STATE, turns: [{ ...TURN, text: "Hel" }] };
  const after = applied(
    before,
    update(1, { turns: [{ ...TURN, number: 2 }], texts: [{ turn: 1, text: "lo" }], timeline: "two tracks" }),
  );
  expect(after.turns.map(({ number, text }) => [number, text])).toEqual([
    [1, "Hello"],
    [2, ""],
  ]);
  expect(after.timeline).toBe("two tracks");
  expect(before.turns[0]?.text).toBe("Hel");
});

test("updates that follow each other are applied without asking again", async () => {
  const state = open();
  await answer(4, "first");
  model.say(update(5, { timeline: "second" }));
  expect(state.value?.timeline).toBe("second");
  expect(asked()).toHaveLength(1);
});

test("a gap asks for the whole state", async () => {
  const state = open();
  await answer(4, "first");
  model.say(update(6, { timeline: "third" }));
  expect(asked()).toHaveLength(2);
  await answer(6, "whole");
  expect(state.value?.timeline).toBe("whole");
});

test("an update that overtakes the snapshot is not lost", async () => {
  const state = open();
  model.say(update(5, { timeline: "newer" }));
  await answer(4, "older");
  expect(asked()).toHaveLength(2);
  await answer(5, "newer");
  expect(state.value?.timeline).toBe("newer");
});

test("an old update does not come back", async () => {
  const state = open();
  await answer(4, "first");
  model.say(update(3, { timeline: "old" }));
  expect(state.value?.timeline).toBe("first");
  expect(asked()).toHaveLength(1);
});

test("while work is under way, silence is questioned: the last messages of a burst are the ones that get lost", async () => {
  vi.useFakeTimers();
  open();
  await answer(1, "");
  model.say(update(2, { turns: [{ ...TURN, status: "working" }] }));
  vi.advanceTimersByTime(5100);
  expect(asked()).toHaveLength(2);
});

test("an idle studio is not asked again", async () => {
  vi.useFakeTimers();
  open();
  await answer(1, "");
  vi.advanceTimersByTime(60_000);
  expect(asked()).toHaveLength(1);
});
