// marked comes as one file whose last lines hang its parser, renderer and hooks on the function `marked`, so that no bundler can leave
// them out. We use its lexer alone, and never its `pedantic` dialect: this lets esbuild drop the rest, 13 kB.
import { readFile } from "node:fs/promises";

/** What of the source of marked's ES module its lexer needs, marked up for tree shaking. */
export function leanMarked(source) {
  const lexer = found(source, /export\{[^}]*?\b(\w+) as Lexer\b/)[1];
  const whole = found(source, /\b(\w+) as Marked\b/)[1];
  let text = source.slice(0, found(source, new RegExp(`var \\w+=new ${whole};`)).index);
  for (const rules of [
    /\{normal:\w+,gfm:\w+(,pedantic:(\w+))\}/,
    /\{normal:\w+,gfm:\w+,breaks:\w+(,pedantic:(\w+))\}/,
  ]) {
    const [, mention, name] = found(text, rules);
    const made = found(text, new RegExp(`,${name}=\\{[^]*?\\.getRegex\\(\\)\\}`))[0];
    text = text.replace(made, "").replace(mention, "");
  }
  const edit = found(text, /function (\w+)\(\w+,\w+=""\)\{[^}]*\.source/)[1];
  text = text.replaceAll(new RegExp(`(?<=[=:])${edit}\\(`, "g"), `/* @__PURE__ */${edit}(`);
  return `${text}export{${lexer} as Lexer};`;
}

function found(text, pattern) {
  const match = pattern.exec(text);
  if (!match)
    throw new Error(
      `marked's file has no ${pattern}: its form has changed, so scripts/lean-marked.mjs must too.`,
    );
  return match;
}

export const leanMarkedPlugin = {
  name: "lean-marked",
  setup(build) {
    build.onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => ({
      contents: leanMarked(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};
