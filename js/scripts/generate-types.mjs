// Reads the schema on standard input (python -m nemo_widgets.widgets.schema) and writes src/generated/, or with
// --stdout prints both files, for the test that compares them.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const BANNER = "// Generated from nemo_widgets/widgets: edit there, then run `npm run generate`.\n";

async function typesOf(definitions) {
  const root = { title: "Unused", type: "object", additionalProperties: false, definitions };
  const text = await compile(root, "Unused", {
    bannerComment: "",
    unreachableDefinitions: true,
    format: true,
    style: { printWidth: 110 },
  });
  return text
    .replace(/export interface Unused \{\}\n/, "")
    .replace(
      /\/\*\*\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n \*\/\n/g,
      "",
    )
    .replace(
      / \*\n \* This interface was referenced by `Unused`'s JSON-Schema\n \* via the `definition` "[^"]*"\.\n/g,
      "",
    )
    .trimStart();
}

const input = [];
for await (const chunk of process.stdin) input.push(chunk);
const { messages, traits } = JSON.parse(Buffer.concat(input).toString("utf8"));

const limits = Object.entries(messages.limits).map(
  ([name, { const: value }]) => `export const ${name} = ${value};\n`,
);
const files = {
  "messages.ts": `${BANNER}\n${limits.join("")}\n${await typesOf(messages.definitions)}`,
  "traits.ts": `${BANNER}\nimport type * as messages from "./messages";\n\n${await typesOf(traits.definitions)}`,
};

if (process.argv.includes("--stdout")) {
  process.stdout.write(JSON.stringify(files));
} else {
  const folder = fileURLToPath(new URL("../src/generated/", import.meta.url));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(folder + name, text);
}
