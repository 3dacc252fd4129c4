import { createRequire } from "node:module";
import * as inTests from "marked";
import { expect, test } from "vitest";
import { leanMarked } from "../../scripts/lean-marked.mjs";

const whole: typeof inTests = createRequire(import.meta.url)("marked");

const BLOCKS = [
  "# One *two* `three`\n",
  "Two\n===\n",
  "plain **bold** _slanted_ ~~gone~~ ***both*** snake_case_word\nnext line\n",
  "- a\n- b\n  1. c\n  2. d\n\n     loose\n- [x] done\n",
  "> said\n> > twice\nlazily\n",
  "```js\nconst a = `b`;\n```\n",
  "    indented code\n",
  "| a | b |\n|:--|--:|\n| 1 \\| 2 | `3` |\n",
  "[text](https://a.b/c 'title') ![picture](d.png) <https://e.f> https://g.h/i. me@j.kl\n",
  '[name][ref] [ref]\n\n[ref]: <https://m.n> "title"\n',
  "<details>\n<summary>x</summary>\n\ninside\n\n</details>\n",
  "a<br>b &amp; &#169; \\* \\_  \nhard\n",
  "---\n***\n___\n",
  "“quoted **strong**。”*日本語*\n",
];

test("what the bundle has of marked reads Markdown as all of marked does", () => {
  expect(Object.keys(inTests).filter((name) => name !== "default")).toEqual(["Lexer"]);
  const options = () => ({ gfm: true, breaks: true }); // a lexer puts its tokenizer into them
  for (const first of BLOCKS) {
    for (const second of BLOCKS) {
      const text = `${first}${second}\n${first}`;
      expect(new inTests.Lexer(options()).lex(text)).toEqual(new whole.Lexer(options()).lex(text));
    }
  }
});

test("a marked of another form is refused, not cut somewhere", () => {
  expect(() => leanMarked("export{a as Lexer};")).toThrow("lean-marked.mjs");
});
