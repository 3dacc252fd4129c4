import { render } from "preact";
import { describe, expect, test } from "vitest";
import { Prose } from "../../src/lib/markdown";

function shown(markdown: string): HTMLElement {
  const holder = document.createElement("div");
  render(<Prose markdown={markdown} />, holder);
  return holder.firstElementChild as HTMLElement;
}

const html = (markdown: string) => shown(markdown).innerHTML;

test.each([
  ["**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>"],
  ["~~gone~~", "<p><del>gone</del></p>"],
  ["# One", "<h1>One</h1>"],
  ["###### Six", "<h6>Six</h6>"],
  ["one\ntwo", "<p>one<br>two</p>"],
  ["- one\n- two", "<ul><li>one</li><li>two</li></ul>"],
  ["3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'],
  ["> said", "<blockquote><p>said</p></blockquote>"],
  ["---", "<hr>"],
  ["`a<b>`", "<p><code>a&lt;b&gt;</code></p>"],
  ["```python\na = 1\n```", "<pre><code>a = 1</code></pre>"],
  ["1 \\* 2", "<p>1 * 2</p>"],
  ["a &amp; b &lt; c &#8212; d &#x2014; e", "<p>a &amp; b &lt; c — d — e</p>"],
  ["a &unknown; b &#0; &#xd800;", "<p>a &amp;unknown; b \ufffd \ufffd</p>"],
  ["one<br>two", "<p>one<br>two</p>"],
  ["", ""],
])("%j", (markdown, expected) => {
  expect(html(markdown)).toBe(expected);
});

test("a task list shows its boxes", () => {
  expect(shown("- [x] done\n- [ ] open").textContent?.replaceAll(/\s+/g, " ")).toBe("☑ done☐ open");
});

test("a table keeps its columns' alignment", () => {
  const table = shown("| a | b |\n|---|--:|\n| 1 | **2** |").querySelector("table");
  expect(table?.querySelector("tbody td:last-child strong")?.textContent).toBe("2");
  expect(table?.querySelector<HTMLElement>("tbody td:last-child")?.style.textAlign).toBe("right");
});

test("a link opens elsewhere and tells the page nothing", () => {
  const link = shown("[site](https://example.org/?a=1&amp;b=2)").querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://example.org/?a=1&b=2");
  expect(link?.target).toBe("_blank");
  expect(link?.rel).toBe("noopener noreferrer");
});

describe("hostile text", () => {
  const ALLOWED = new Set(
    "A BLOCKQUOTE BR CODE DEL EM H1 H2 H3 H4 H5 H6 HR LI OL P PRE STRONG TABLE TBODY TD TH THEAD TR UL".split(
      " ",
    ),
  );

  test.each([
    ["a script", "<script>alert(1)</script>hello"],
    ["a handler", '<p onclick="alert(1)">hello</p>'],
    ["a picture that would call home", "![x](https://example.org/track.png) hello"],
    ["a style", '<p style="position:fixed">hello</p><style>*{display:none}</style>'],
    ["a frame", '<iframe src="https://example.org"></iframe>hello'],
    ["a form", '<form action="https://example.org"><input name="a"></form>hello'],
    ["a script link", "[hello](javascript:alert(1))"],
    ["a script link in references", "[hello](&#106;avascript&colon;alert(1))"],
    ["a script link behind a blank", "[hello](<&#32;javascript:alert(1)>)"],
    ["a data link", "[hello](data:text/html,<script>alert(1)</script>)"],
    ["an autolink to a script", "<javascript:alert(1)> hello"],
    ["an svg", "<svg><script>alert(1)</script></svg>hello"],
    ["tags in a table", "| <img src=x onerror=alert(1)> |\n|---|\n| hello |"],
  ])("%s does not survive, the text beside it does", (_what, markdown) => {
    const page = shown(markdown);
    expect(page.textContent).toContain("hello");
    for (const element of page.querySelectorAll("*")) {
      expect(ALLOWED).toContain(element.tagName);
      for (const { name, value } of element.attributes) {
        expect(["href", "target", "rel", "title", "start", "style"]).toContain(name);
        if (name === "href") expect(value).toMatch(/^(https?:|mailto:)/);
      }
    }
  });

  test.each([
    ["quotations", "> ".repeat(1000)],
    ["lists", "- ".repeat(1000)],
    ["emphasis", "*a **b ".repeat(500)],
    ["brackets", "[".repeat(5000)],
  ])("%s in each other without end are shown all the same", (_what, before) => {
    expect(shown(`${before}hello`).textContent).toContain("hello");
  });
});
