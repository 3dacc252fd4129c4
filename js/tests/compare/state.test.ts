import { expect, test } from "vitest";
import { applied } from "../../src/compare/state";
import type { ComparisonState, VariantState } from "../../src/generated/messages";

function variant(number: number, changes: Partial<VariantState> = {}): VariantState {
  return {
    number,
    prompt: `prompt ${number}`,
    text: "",
    phase: "waiting",
    fraction: null,
    elapsed_s: 0,
    credits_spent: null,
    error: "",
    clip: null,
    ...changes,
  };
}

const before: ComparisonState = { backend: "local", running: false, variants: [variant(1), variant(2)] };

test("an update replaces the variants that changed and leaves the others the same objects", () => {
  const variants = [variant(1, { phase: "done" })];
  const after = applied(before, { type: "comparison_update", seq: 1, running: true, variants });
  expect(after.variants[0]?.phase).toBe("done");
  expect(after.variants[1]).toBe(before.variants[1]);
  expect(after.running).toBe(true);
  expect(before.variants[0]?.phase).toBe("waiting");
});

test("an update about the sweep alone changes no variant", () => {
  const after = applied(before, { type: "comparison_update", seq: 1, running: true, variants: [] });
  expect(after.variants).toEqual(before.variants);
});
