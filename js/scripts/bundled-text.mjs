import * as esbuild from "esbuild";

/** Return the module at `path` with all that it imports, minified: what a worker runs. */
export async function bundledText(path) {
  const made = await esbuild.build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return made.outputFiles[0].text;
}
