import { MAX_TEXT_BYTES } from "../generated/messages";
import { endOf, type Picked } from "./picking";
import type { Uploads } from "./uploads";
import { countOf } from "./words";

/** Sort what a person gave: footage goes up, a text becomes the prompt, a table of prompts an offer to compare them. */
export async function takeIn(
  { files, leftOut }: Picked,
  uploads: Uploads,
  usePrompt?: (text: string) => void,
): Promise<void> {
  const texts = files.filter(({ name }) => /^(txt|csv)$/.test(endOf(name)));
  uploads.notice.value = "";
  uploads.add(files.filter((file) => !texts.includes(file)));
  const notes =
    leftOut > 0 ? [`${countOf(leftOut)} of the folder left out: no video, picture or sound.`] : [];
  for (const file of texts) {
    const text = await textOf(file);
    if (text === null) {
      notes.push(
        `${file.name} can't be used: a text for a prompt is UTF-8 and at most ${MAX_TEXT_BYTES >> 10} kB.`,
      );
    } else if (endOf(file.name) === "csv") await uploads.addPrompts(file.name, text);
    else if (usePrompt) usePrompt(text.trim());
    else notes.push(`${file.name} is text: drop it on a Studio, where it becomes the prompt.`);
  }
  if (notes.length > 0) uploads.notice.value = [uploads.notice.value, ...notes].filter(Boolean).join(" ");
}

async function textOf(file: File): Promise<string | null> {
  if (file.size > MAX_TEXT_BYTES) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}
