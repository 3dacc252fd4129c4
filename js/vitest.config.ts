import { defineConfig } from "vitest/config";
import { leanMarked } from "./scripts/lean-marked.mjs";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
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
