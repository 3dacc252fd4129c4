import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import type { TurnState } from "../../src/generated/messages";
import { Transcript } from "../../src/prompt-box/transcript";
import { TURN } from "../fakes";

afterEach(() => render(null, document.body));

function shown(turn: Partial<TurnState>): HTMLElement {
  render(<Transcript turns={[{ ...TURN, ...turn }]} onReuse={() => {}} />, document.body);
  return document.body;
}

test("what changed on the timeline is folded under its count", () => {
  const details = shown({ text: "Done!", changes: ["Title added", "Music added"] }).querySelector("details");
  expect(details?.open).toBe(false);
  expect(details?.querySelector("summary")?.textContent).toBe("2 changes to the timeline");
  expect([...(details?.querySelectorAll("li") ?? [])].map((item) => item.textContent)).toEqual([
    "Title added",
    "Music added",
  ]);
});

test("an answer that lists the changes itself, as after a silent edit, does not say them twice", () => {
  expect(shown({ text: "- Title added", changes: ["Title added"] }).querySelector("details")).toBeNull();
});

test("a turn that changed nothing shows no list", () => {
  expect(shown({ text: "Hello" }).querySelector("details")).toBeNull();
});

test("a look, a suggestion and a hint stand below the answer, each on a line", () => {
  const suggestions = [
    {
      action: "export" as const,
      words: "To have this as a file",
      call: "await session.export()",
      prompt: "",
    },
  ];
  const body = shown({
    text: "Done!",
    shown: ["Credits: 80 available"],
    suggestions,
    hint: "Say what should change.",
  });
  expect([...body.querySelectorAll("p.nemo-muted")].map((line) => line.textContent)).toEqual([
    "Credits: 80 available",
    "To have this as a file: await session.export()",
    "Say what should change.",
  ]);
});
