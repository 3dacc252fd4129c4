// Builds the one ESM bundle that the Python package carries, with its style sheets inside as text.
import { readFile, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { bundledText } from "./bundled-text.mjs";
import { leanMarkedPlugin } from "./lean-marked.mjs";
import { licencesOf } from "./licences.mjs";

const LIMIT_BYTES = 150_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outfile = here("../../nemo_widgets/static/nemo_widgets.js");
const licences = here("../../nemo_widgets/static/LICENSES.txt");

const minifiedCss = {
  name: "minified-css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const moduleAsText = {
  name: "module-as-text",
  setup(build) {
    build.onResolve({ filter: /\?text$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace("?text", "")),
      namespace: "text",
    }));
    build.onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => ({
      contents: await bundledText(path),
      loader: "text",
      watchFiles: [path],
    }));
  },
};

const options = {
  absWorkingDir: here(".."),
  entryPoints: ["src/index.ts"],
  outfile,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "eof",
  charset: "utf8",
  plugins: [minifiedCss, moduleAsText, leanMarkedPlugin],
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, logLevel: "info" });
  await context.watch();
} else {
  const { metafile } = await esbuild.build({ ...options, metafile: true });
  await writeFile(licences, await licencesOf(Object.keys(metafile.inputs), options.absWorkingDir));
  const { size } = await stat(outfile);
  console.log(`nemo_widgets.js: ${(size / 1000).toFixed(1)} kB`);
  if (size > LIMIT_BYTES) throw new Error(`The bundle is over its limit of ${LIMIT_BYTES / 1000} kB.`);
}
