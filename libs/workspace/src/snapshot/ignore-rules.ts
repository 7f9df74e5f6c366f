import ignore, { type Ignore } from 'ignore';

/** The rules of one .gitignore, which hold below its folder. */
export interface IgnoreRules {
  /** Empty, or `a/b/`. */
  readonly below: string;
  readonly rules: Ignore;
}

const MAX_IGNORE_BYTES = 256 * 1024;

export const ignoreRules = (below: string, text: string): IgnoreRules => ({
  below,
  rules: ignore({ allowRelativePaths: true }).add(text.slice(0, MAX_IGNORE_BYTES)),
});

/** Whether the nearest .gitignore that says something of the path says that it is ignored. `path` of a folder ends in `/`. */
export function isIgnored(path: string, rules: readonly IgnoreRules[]): boolean {
  for (const { below, rules: own } of rules.toReversed()) {
    if (!path.startsWith(below) || path.length === below.length) continue;
    const { ignored, unignored } = own.test(path.slice(below.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
