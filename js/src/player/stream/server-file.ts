import type { ClipFacts, MediaFacts } from "../../generated/messages";
import type { Asker } from "../../lib/rpc";
import { own } from "./media";

const HEAD_BYTES = 16 * 1024;

interface ServerConfig {
  baseUrl: string;
  root: string;
}

/** What Jupyter's server says of itself in its pages; undefined on other front ends. */
export function serverConfig(page: Document = document): ServerConfig | undefined {
  const text = page.getElementById("jupyter-config-data")?.textContent;
  if (!text) return undefined;
  try {
    const { baseUrl, serverRoot } = JSON.parse(text) as { baseUrl?: unknown; serverRoot?: unknown };
    if (typeof baseUrl !== "string" || typeof serverRoot !== "string" || !serverRoot) return undefined;
    return { baseUrl, root: serverRoot };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // not a page of Jupyter's
    throw error;
  }
}

/** The addresses where the server may have the file at `path`. It writes its root with `~` for the home that it runs in. */
export function addressesOf(path: string, { baseUrl, root }: ServerConfig): string[] {
  const file = path.replaceAll("\\", "/");
  const folder = root.replace(/\/+$/, "");
  const relative: string[] = [];
  if (folder.startsWith("~")) {
    const below = `${folder.slice(1)}/`;
    for (let at = file.indexOf(below, 1); at >= 0 && relative.length < 3; at = file.indexOf(below, at + 1)) {
      relative.push(file.slice(at + below.length));
    }
  } else if (file.startsWith(`${folder}/`)) {
    relative.push(file.slice(folder.length + 1));
  }
  return relative.map((rest) => `${baseUrl}files/${rest.split("/").map(encodeURIComponent).join("/")}`);
}

/** The address on the page's own server that gives parts of exactly this file; undefined when none does. */
export async function serverAddress(
  clip: ClipFacts,
  facts: MediaFacts,
  asker: Asker,
  signal: AbortSignal,
): Promise<string | undefined> {
  const config = serverConfig();
  const addresses = config ? addressesOf(facts.path, config) : [];
  if (addresses.length === 0) return undefined;
  const length = Math.min(HEAD_BYTES, facts.size_bytes);
  const { buffers } = await asker.ask({ type: "read_range", clip: clip.id, offset: 0, length }, { signal });
  if (!buffers[0]) return undefined;
  const head = own(buffers[0]);
  for (const address of addresses) {
    const url = new URL(address, location.href);
    if (url.origin === location.origin && (await gives(url, head, facts.size_bytes, signal))) return url.href;
  }
  return undefined;
}

async function gives(url: URL, head: Uint8Array, sizeBytes: number, signal: AbortSignal): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Range: `bytes=0-${head.length - 1}` },
      redirect: "error",
      cache: "no-store",
      signal,
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof TypeError)) throw error;
    return false; // a proxy that lets nothing through is no reason not to play
  }
  const total = response.headers.get("Content-Range")?.split("/")[1];
  if (response.status !== 206 || Number(total) !== sizeBytes) {
    await response.body?.cancel();
    return false;
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length === head.length && bytes.every((byte, place) => byte === head[place]);
}
