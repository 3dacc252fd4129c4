import DOMPurify from "dompurify";
import { Marked } from "marked";

const marked = new Marked({ gfm: true, breaks: true });

const CLEAN = {
  ALLOWED_TAGS: [
    ..."p br hr h1 h2 h3 h4 h5 h6 strong em b i del s code pre blockquote ul ol li a".split(" "),
    ..."table thead tbody tr th td".split(" "),
  ],
  ALLOWED_ATTR: ["href", "title", "start", "align", "target", "rel"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
};

/** Markdown from the service as a tree that is safe to show: text, lists, tables and links; no pictures, styles or scripts. */
export function markdownToDom(markdown: string): DocumentFragment {
  const html = marked.parse(markdown, { async: false });
  const page = DOMPurify.sanitize(html, { ...CLEAN, RETURN_DOM_FRAGMENT: true });
  for (const link of page.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return page;
}
