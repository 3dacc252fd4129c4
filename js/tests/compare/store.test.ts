import { describe, expect, it } from "vitest";
import { ComparisonStore } from "../../src/compare/store";
import type { VariantState } from "../../src/generated/messages";

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

function shown(seq = 3): ComparisonStore {
  const store = new ComparisonStore();
  store.show({
    type: "comparison",
    id: "a",
    seq,
    state: { backend: "local", running: false, variants: [variant(1), variant(2)] },
  });
  return store;
}

describe("the comparison's store", () => {
  it("replaces only the variants that changed", () => {
    const store = shown();
    const second = store.variants.value[1];
    const update = { type: "comparison_update", seq: 4, running: true } as const;
    expect(store.apply({ ...update, variants: [variant(1, { phase: "done" })] })).toBe(true);
    expect(store.variants.value[0]?.phase).toBe("done");
    expect(store.variants.value[1]).toBe(second);
    expect(store.running.value).toBe(true);
    expect(store.ended.value).toBe(1);
  });

  it("asks for a snapshot when an update is missing, and keeps what it has", () => {
    const store = shown();
    expect(store.apply({ type: "comparison_update", seq: 5, running: true, variants: [] })).toBe(false);
    expect(store.running.value).toBe(false);
  });

  it("ignores an update that the snapshot already holds", () => {
    const store = shown();
    const old = {
      type: "comparison_update",
      seq: 3,
      running: true,
      variants: [variant(1, { phase: "failed" })],
    } as const;
    expect(store.apply({ ...old, variants: [...old.variants] })).toBe(true);
    expect(store.variants.value[0]?.phase).toBe("waiting");
  });

  it("is complete only when every variant is done", () => {
    const store = shown();
    store.apply({
      type: "comparison_update",
      seq: 4,
      running: false,
      variants: [variant(1, { phase: "done" })],
    });
    expect(store.complete.value).toBe(false);
    store.apply({
      type: "comparison_update",
      seq: 5,
      running: false,
      variants: [variant(2, { phase: "done" })],
    });
    expect(store.complete.value).toBe(true);
  });
});
