// @vitest-environment jsdom
// The sanitiser needs a DOM that parses as a browser does; happy-dom does not.
import { expect, test } from "vitest";
import { markdownToDom } from "../../src/lib/markdown";

const html = (markdown: string) => {
  const holder = document.createElement("div");
  holder.append(markdownToDom(markdown));
  return holder.innerHTML.trim();
};

test("Markdown becomes structure", () => {
  expect(html("**bold** and\n\n- one\n- two")).toContain("<strong>bold</strong>");
  expect(html("| a | b |\n|---|---|\n| 1 | 2 |")).toContain("<td>1</td>");
});

test.each([
  ["a script", "<script>alert(1)</script>hello"],
  ["a handler", '<p onclick="alert(1)">hello</p>'],
  ["a picture that would call home", "![x](https://example.org/track.png) hello"],
  ["a style", '<p style="position:fixed">hello</p><style>*{display:none}</style>'],
  ["a frame", '<iframe src="https://example.org"></iframe>hello'],
  ["a form", '<form action="https://example.org"><input name="a"></form>hello'],
  ["a script link", "[hello](javascript:alert(1))"],
  ["a data link", "[hello](data:text/html,<script>alert(1)</script>)"],
  ["an svg", "<svg><script>alert(1)</script></svg>hello"],
])("%s does not survive, the text beside it does", (_what, markdown) => {
  const shown = html(markdown);
  expect(shown).toContain("hello");
  expect(shown).not.toMatch(/script|onclick|<img|style|iframe|<form|<input|<svg|href="data/i);
});

test("links open elsewhere and tell the page nothing", () => {
  expect(html("[site](https://example.org)")).toContain('target="_blank"');
  expect(html("[site](https://example.org)")).toContain('rel="noopener noreferrer"');
});
