// What others wrote and the bundle holds is theirs: their licences go with it, in a file of their own.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The licences of the packages that these inputs of a build are of. */
export async function licencesOf(inputs, folder) {
  const names = inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(names.filter(Boolean))].sort();
  const parts = packages.map(async (name) => {
    const home = join(folder, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    return `${name} ${version}\n\n${(await readFile(join(home, "LICENSE"), "utf8")).trim()}\n`;
  });
  return (await Promise.all(parts)).join(`\n${"-".repeat(72)}\n\n`);
}
