// marked comes as one file whose last lines hang its parser, renderer and hooks on the function `marked`, so that no bundler can leave
// them out. We use its lexer alone, always with `gfm` and `breaks`, without extensions: this lets esbuild drop the rest, 16 kB.
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
    const made = found(text, new RegExp(`,${name}=\\{[\\s\\S]*?\\.getRegex\\(\\)\\}`))[0];
    text = text.replace(made, "").replace(mention, "");
  }
  const edit = found(text, /function (\w+)\(\w+,\w+=""\)\{[^}]*\.source/)[1];
  text = text.replaceAll(new RegExp(`(?<=[=:])${edit}\\(`, "g"), `/* @__PURE__ */${edit}(`);
  for (const call of [
    /if\(this\.options\.extensions\?\.\w+\?\.some\([\s\S]*?!1\)\)continue;/g,
    /static get rules\(\)\{return\{[^}]*\}\}static lex\(.*?\}static lexInline\(.*?\}(?=lex\()/g,
    /(?<=this\.options=\w+)\|\|\w+(?=[,}])/g, // its defaults: we give all that it looks at
    /if\(this\.options\.extensions\?\.start\w+\)\{[\s\S]*?substring\(0,\w+\+1\)\)\}/g,
  ]) {
    found(text, call);
    text = text.replaceAll(call, "");
  }
  text = text.replace(
    found(text, /,(\w+)=this\.options\.hooks\?\.emStrongMask\?\.call\(\{lexer:this\},\1\)\?\?\1/)[0],
    "",
  );
  text = text.replace(/(?<=\{async:!1,[^}]*\}\}var \w+=)(?=\w+\(\);)/, "/* @__PURE__ */");
  for (const never of ["pedantic", "silent"]) text = text.replaceAll(`this.options.${never}`, "false");
  for (const always of ["gfm", "breaks"]) text = text.replaceAll(`this.options.${always}`, "true");
  const rules = { other: found(text, /(\w+)=\{codeRemoveIndent:/)[1] };
  rules.block = found(text, /\{normal:\w+,gfm:(\w+)\}/)[1];
  rules.inline = found(text, /\{normal:\w+,gfm:\w+,breaks:(\w+)\}/)[1];
  for (const [kind, name] of Object.entries(rules)) text = text.replaceAll(`this.rules.${kind}.`, `${name}.`);
  for (const unused of [
    /,escape(?:Test|Replace)(?:NoEncode)?:\/(?:[^/\\]|\\.)+\/g?/g,
    /,(?:pedanticHrefTitle|percentDecode|notSpaceStart):\/(?:[^/\\]|\\.)+\/g?/g,
  ]) {
    found(text, unused);
    text = text.replaceAll(unused, "");
  }
  return `${shortNames(text)}export{${lexer} as Lexer};`;
}

/** Shorten the names of what only the lexer's own code asks for: of its regular expressions, their parts and of its steps. */
function shortNames(text) {
  const table = found(text, /codeRemoveIndent:[\s\S]*?blockquoteBeginRegex:/)[0];
  const names = [...table.matchAll(/(?<=^|[,}gimu/)])(\w{5,}):/g)].map(([, name]) => name);
  const steps = [
    "infiniteLoopError",
    "inlineTokens",
    "blockTokens",
    "inlineQueue",
    "linkEmitted",
    "getRegex",
    "notPunctSpace",
    "punctSpace",
    "emailProtocol",
    "tokenizer",
    "linkInText",
    "lexer",
  ];
  const rules = [
    "emStrongRDelimAst",
    "emStrongRDelimUnd",
    "emStrongLDelim",
    "anyPunctuation",
    "reflinkSearch",
  ];
  [...names, ...steps, ...rules].forEach((name, place) => {
    text = text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `_${place}`);
  });
  return text;
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
