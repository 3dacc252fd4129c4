/** The module at `path` with all that it imports, minified: what a worker runs. */
export function bundledText(path: string): Promise<string>;
