import { afterEach, beforeEach, expect, test } from "vitest";
import type { StudioState } from "../../src/generated/messages";
import type { StudioTraits } from "../../src/generated/traits";
import { mountStudio } from "../../src/studio";
import { FakeModel, settled } from "../fakes";

const EMPTY: StudioState = {
  backend: "local",
  where: "",
  turns: [],
  assets: [],
  timeline: "",
  preview: null,
  final: null,
  export: { status: "idle", fraction: null, elapsed_s: 0, error: "" },
  notice: "",
};

let model: FakeModel<StudioTraits>;
let el: HTMLElement;
let life: AbortController;

beforeEach(() => {
  model = new FakeModel({ prompt: "" });
  el = document.body.appendChild(document.createElement("div"));
  life = new AbortController();
});

afterEach(() => {
  life.abort();
  el.remove();
});

async function mountWith(state: Partial<StudioState> = {}): Promise<void> {
  mountStudio({ model: model.asModel, el, signal: life.signal, host: {} as never, shared: { early: [] } });
  model.say({ type: "snapshot", id: model.sent[0]?.content.id ?? "", seq: 0, state: { ...EMPTY, ...state } });
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 20));
}

test("an empty Studio says who works, offers examples and cannot export", async () => {
  await mountWith();
  expect(el.textContent).toContain("not by the AI");
  expect(el.querySelectorAll(".nemo-example")).toHaveLength(3);
});
