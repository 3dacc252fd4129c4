/** What of the source of marked's ES module its lexer needs, marked up for tree shaking. */
export function leanMarked(source: string): string;
