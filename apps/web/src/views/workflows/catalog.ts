import type { Schemas } from '../../api/api.js';

type Summary = Schemas['WorkflowSummary'];

export interface Entry {
  readonly name: string;
  /** Newest first, as the gateway lists them. */
  readonly versions: readonly [Summary, ...Summary[]];
}

/** The workflows by name, each with its versions; those whose name or title has the words. */
export function catalogOf(workflows: readonly Summary[], words = ''): readonly Entry[] {
  const byName = new Map<string, [Summary, ...Summary[]]>();
  for (const each of workflows) {
    const known = byName.get(each.name);
    if (known === undefined) byName.set(each.name, [each]);
    else known.push(each);
  }
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return [...byName]
    .map(([name, versions]) => ({ name, versions }))
    .filter(({ name, versions: [newest] }) => {
      const text = `${name} ${newest.title ?? ''}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
}
