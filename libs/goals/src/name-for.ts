/** The states that every composed document has. */
export const STATES_OF_ALL: ReadonlySet<string> = new Set(['Prepare', 'Done']);

/** `Report` of `workflow:report@1.1.0`: nothing else than its name. */
export function nameFor(use: string): string {
  const [, bare = ''] = /:([a-z0-9-]+)/.exec(use) ?? [];
  const words = bare.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  return words
    .join('')
    .replace(/^[^A-Z]+/, 'Step')
    .slice(0, 30);
}
