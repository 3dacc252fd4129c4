import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_FILE_BYTES, type StudioState } from "../../src/generated/messages";
import type { StudioTraits } from "../../src/generated/traits";
import { mountStudio } from "../../src/studio";
import { drawn, FakeModel, STATE, TURN } from "../fakes";

let model: FakeModel<StudioTraits>;
let el: HTMLElement;
let life: AbortController;
let seq: number;

beforeEach(() => {
  model = new FakeModel({ prompt: "", max_file_bytes: MAX_FILE_BYTES });
  el = document.body.appendChild(document.createElement("div"));
  life = new AbortController();
  seq = 0;
});

afterEach(() => {
  life.abort();
  el.remove();
});

async function open(state: Partial<StudioState> = {}): Promise<void> {
  mountStudio({ model: model.asModel, el, signal: life.signal, host: {} as never, shared: { early: [] } });
  model.say({ type: "snapshot", id: model.sent[0]?.content.id ?? "", seq, state: { ...STATE, ...state } });
  await drawn();
}

async function change(changed: Partial<StudioState>): Promise<void> {
  model.say({ type: "update", seq: ++seq, texts: [], turns: [], ...changed });
  await drawn();
}

const sent = (type: string) => model.sent.filter(({ content }) => content.type === type);
const idOf = (type: string) => sent(type).at(-1)?.content.id ?? "";

function button(name: string): HTMLButtonElement {
  const found = [...el.querySelectorAll("button")].find(
    (candidate) => (candidate.getAttribute("aria-label") ?? candidate.textContent)?.trim() === name,
  );
  if (!found) throw new Error(`there is no button "${name}" in: ${el.textContent}`);
  return found;
}

function field(): HTMLTextAreaElement {
  const found = el.querySelector("textarea");
  if (!found) throw new Error("there is no prompt field");
  return found;
}

async function type(text: string): Promise<void> {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  await drawn();
}

async function press(init: KeyboardEventInit): Promise<void> {
  field().dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
  await drawn();
}

test("an empty Studio says who works, what it is for, offers examples and cannot export", async () => {
  await open();
  expect(el.textContent).toContain("not by the AI");
  expect(el.textContent).toContain('nemo.Studio(nemo.connect("cloud"))');
  expect(el.textContent).toContain("Your clip appears here.");
  expect(el.querySelectorAll(".nemo-example")).toHaveLength(3);
  expect(button("Export video").disabled).toBe(true);
});

test("a recording says what it is and offers what comes next in it", async () => {
  await open({ recording: "demo.nemo", prompts: ["a city", "a forest"] });
  expect(el.textContent).toContain("Plays demo.nemo, a recording of the local studio");
  expect(el.textContent).not.toContain("Works locally");
  const offered = () => [...el.querySelectorAll(".nemo-example")].map(({ textContent }) => textContent);
  expect(offered()).toEqual(["a city", "a forest"]);
  el.querySelector<HTMLButtonElement>(".nemo-example")?.click();
  await drawn();
  expect(field().value).toBe("a city");
  await change({ turns: [{ ...TURN, prompt: "a city" }], prompts: ["Neon Dreams"] });
  expect(offered()).toEqual(["Neon Dreams"]);
  await change({ turns: [{ ...TURN, number: 2, prompt: "Neon Dreams", status: "working" }] });
  expect(offered()).toEqual([]);
});

test("an example goes into the field and is not sent", async () => {
  await open();
  el.querySelector<HTMLButtonElement>(".nemo-example")?.click();
  await drawn();
  expect(field().value).toContain("futuristic city");
  expect(sent("send_prompt")).toHaveLength(0);
});

test("Enter sends once; the field empties only when the kernel has taken the prompt", async () => {
  await open();
  await type("a city");
  await press({ key: "Enter" });
  await press({ key: "Enter" });
  button("Send").click();
  expect(sent("send_prompt")).toHaveLength(1);
  expect(field().value).toBe("a city");
  model.say({ type: "done", id: idOf("send_prompt") });
  await drawn();
  expect(field().value).toBe("");
});

test.each([{ shiftKey: true }, { isComposing: true }])("Enter with %o sends nothing", async (init) => {
  await open();
  await type("a city");
  await press({ key: "Enter", ...init });
  expect(sent("send_prompt")).toHaveLength(0);
});

test("an empty field is not sent", async () => {
  await open();
  await type("   ");
  await press({ key: "Enter" });
  button("Send").click();
  expect(sent("send_prompt")).toHaveLength(0);
});

test("a prompt that the kernel refuses stays in the field, with the reason", async () => {
  await open();
  await type("a city");
  await press({ key: "Enter" });
  model.say({ type: "failed", id: idOf("send_prompt"), message: "An answer is still coming." });
  await drawn();
  expect(field().value).toBe("a city");
  expect(el.querySelector('[role="alert"]')?.textContent).toBe("An answer is still coming.");
});

test("a prompt whose answer fails comes back into the field", async () => {
  await open();
  await type("a city");
  await press({ key: "Enter" });
  model.say({ type: "done", id: idOf("send_prompt") });
  await drawn();
  await change({ turns: [{ ...TURN, status: "working" }] });
  await change({ turns: [{ ...TURN, status: "failed", error: "The network broke." }] });
  expect(field().value).toBe("a city");
  expect(el.textContent).toContain("The network broke.");
});

test("what the person has typed since is not overwritten by a prompt that comes back", async () => {
  await open();
  await type("a city");
  await press({ key: "Enter" });
  model.say({ type: "done", id: idOf("send_prompt") });
  await type("a forest");
  await change({ turns: [{ ...TURN, status: "failed", error: "The network broke." }] });
  expect(field().value).toBe("a forest");
});

test("while an answer comes there is Stop instead of Send, and what the agent does", async () => {
  await open({ turns: [{ ...TURN, status: "working", activity: "Generating video", elapsed_s: 12 }] });
  expect(el.textContent).toContain("Generating video");
  expect(el.textContent).toContain("12 s");
  button("Stop").click();
  expect(sent("stop_answer")).toHaveLength(1);
  await drawn();
  expect(document.activeElement).toBe(field());
  await press({ key: "Enter" });
  expect(sent("send_prompt")).toHaveLength(0);
});

test("the second click of a double click does not stop what the first has sent", async () => {
  await open({ turns: [{ ...TURN, status: "working" }] });
  button("Stop").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 2 }));
  expect(sent("stop_answer")).toHaveLength(0);
});

test("an answer is read out when it is complete, not piece by piece", async () => {
  await open({ turns: [{ ...TURN, status: "working", text: "Here" }] });
  expect(el.querySelector('[role="log"]')?.getAttribute("aria-busy")).toBe("true");
  await change({ turns: [{ ...TURN, text: "Here it is." }] });
  expect(el.querySelector('[role="log"]')?.getAttribute("aria-busy")).toBe("false");
});

test("with nothing on the timeline it says why there is nothing to export", async () => {
  await open();
  expect(button("Export video").disabled).toBe(true);
  expect(el.textContent).toContain("Nothing to export yet");
  await change({ timeline: "Timeline (1 track): 1. Video: city (0-3s)" });
  expect(button("Export video").disabled).toBe(false);
  expect(el.textContent).not.toContain("Nothing to export yet");
});

test("an export shows how far it is and can be cancelled; the button keeps its place and the focus", async () => {
  await open({ timeline: "Timeline (1 track): 1. Video: city (0-3s)" });
  const export_ = button("Export video");
  export_.focus();
  export_.click();
  expect(sent("start_export")).toHaveLength(1);
  await change({ export: { status: "running", fraction: 0.4, elapsed_s: 3, error: "" } });
  expect(el.textContent).toContain("Exporting · 40 % · 3 s");
  expect(button("Cancel")).toBe(export_);
  model.say({ type: "done", id: idOf("start_export") });
  await drawn();
  button("Cancel").click();
  expect(sent("stop_export")).toHaveLength(1);
});

test("a prompt that was not sent yet survives in the kernel", async () => {
  await open();
  await type("half a sen");
  life.abort();
  expect(model.get("prompt")).toBe("half a sen");
});

test("a kernel that stops is told, and nothing waits for it", async () => {
  await open();
  await type("a city");
  await press({ key: "Enter" });
  model.lose();
  await drawn();
  expect(el.textContent?.match(/The kernel has stopped/g)).toHaveLength(1);
  expect(field().value).toBe("a city");
});

test("a view that goes leaves neither listeners nor markup", async () => {
  await open({ turns: [{ ...TURN, status: "working" }] });
  life.abort();
  expect(model.listenerCount).toBe(0);
  expect(el.innerHTML).toBe("");
});
