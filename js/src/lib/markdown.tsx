import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";
import { type ComponentChildren, Fragment, type JSX } from "preact";
import { useMemo } from "preact/hooks";

const DEEPEST = 40;
const LINK = /^(?:https?:|mailto:)/i;
const LINE_BREAK = /^<br\s*\/?>$/i;
const REFERENCE = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;
const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  times: "×",
  copy: "©",
  bull: "•",
  rarr: "→",
};

/**
 * Markdown from the service. Its tokens become elements one by one, so no HTML is ever parsed into the page: tags in
 * the text are shown as text, pictures as their description, and only links to the web are links.
 */
export function Prose({ markdown }: { markdown: string }): JSX.Element {
  const tokens = useMemo(() => tokensOf(markdown), [markdown]);
  return <div class="nemo-prose">{tokens ? children(tokens, 0) : <p>{markdown}</p>}</div>;
}

function tokensOf(markdown: string): Token[] | null {
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(markdown);
  } catch (error) {
    // Lists in lists without end exhaust the lexer's stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function children(tokens: readonly Token[] | undefined, depth: number): JSX.Element[] {
  return (tokens ?? []).map((token, place) => (
    <Fragment key={place}>{depth > DEEPEST ? token.raw : element(token as MarkedToken, depth + 1)}</Fragment>
  ));
}

function element(token: MarkedToken, depth: number): ComponentChildren {
  switch (token.type) {
    case "paragraph":
      return <p>{children(token.tokens, depth)}</p>;
    case "text":
      return token.tokens ? children(token.tokens, depth) : decoded(token.text);
    case "escape":
      return token.text;
    case "strong":
      return <strong>{children(token.tokens, depth)}</strong>;
    case "em":
      return <em>{children(token.tokens, depth)}</em>;
    case "del":
      return <del>{children(token.tokens, depth)}</del>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "codespan":
      return <code>{token.text}</code>;
    case "code":
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case "heading": {
      const Heading = `h${token.depth}` as "h1";
      return <Heading>{children(token.tokens, depth)}</Heading>;
    }
    case "blockquote":
      return <blockquote>{children(token.tokens, depth)}</blockquote>;
    case "list":
      return list(token, depth);
    case "table":
      return table(token, depth);
    case "link":
      return link(token, depth);
    case "image":
      return decoded(token.text);
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "html":
      return LINE_BREAK.test(token.text.trim()) ? <br /> : token.text;
    case "space":
    case "def":
      return null;
    default:
      return (token as Token).raw;
  }
}

function link(token: Tokens.Link, depth: number): JSX.Element {
  const inside = children(token.tokens, depth);
  const href = token.autolink ? token.href : decoded(token.href);
  if (!LINK.test(href)) return <>{inside}</>;
  return (
    <a
      href={href}
      title={token.title ? decoded(token.title) : undefined}
      target="_blank"
      rel="noopener noreferrer"
    >
      {inside}
    </a>
  );
}

function list(token: Tokens.List, depth: number): JSX.Element {
  const items = token.items.map((item, place) => <li key={place}>{children(item.tokens, depth)}</li>);
  return token.ordered ? <ol start={Number(token.start)}>{items}</ol> : <ul>{items}</ul>;
}

function table(token: Tokens.Table, depth: number): JSX.Element {
  const row = (cells: Tokens.TableCell[], Cell: "td" | "th") => (
    <tr>
      {cells.map((cell, place) => (
        <Cell key={place} style={cell.align ? { textAlign: cell.align } : undefined}>
          {children(cell.tokens, depth)}
        </Cell>
      ))}
    </tr>
  );
  return (
    <table>
      <thead>{row(token.header, "th")}</thead>
      <tbody>
        {token.rows.map((cells, place) => (
          <Fragment key={place}>{row(cells, "td")}</Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** Text with its character references resolved: the numeric ones and those that people write. */
function decoded(text: string): string {
  return text.replace(REFERENCE, (whole, decimal, hex, name) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    const shown = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return shown ? String.fromCodePoint(point) : "\ufffd";
  });
}
