/** A single-quoted word of the shell: only the quote itself has to be written otherwise. */
export const quoteForShell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** The word as a person would type it: quoted only where it has to be. */
export const shellWord = (value: string): string => (/^[\w@%+=:,./-]+$/.test(value) ? value : quoteForShell(value));
