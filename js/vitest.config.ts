import { defineConfig } from "vitest/config";
import { bundledText } from "./scripts/bundled-text.mjs";
import { leanMarked } from "./scripts/lean-marked.mjs";

const moduleAsText = {
  name: "module-as-text",
  enforce: "pre" as const,
  async load(id: string) {
    if (!id.endsWith("?text")) return undefined;
    return `export default ${JSON.stringify(await bundledText(id.slice(0, -"?text".length)))}`;
  },
};

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    moduleAsText,
    {
      name: "lean-marked", // Markdown is tested with what the bundle has
      transform: (code, id) => (/marked\.esm\.js/.test(id) ? leanMarked(code) : undefined),
    },
  ],
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    server: { deps: { inline: ["marked"] } },
  },
});
