import type { KnowledgeUse } from '@baton/contracts';
import { formatTable } from '../table.js';

/** What was read of documentation, a line each, and what was left out and why; nothing where nobody looked. */
export function knowledgeLines(
  uses: readonly (KnowledgeUse & { readonly state?: string })[],
  width: number,
): readonly string[] {
  const read = new Map<string, { readonly row: readonly string[]; readonly states: Set<string>; shownBytes: number }>();
  const leftOut = new Map<string, string>();
  for (const { read: sources, leftOut: without, state = '' } of uses) {
    for (const { source, sha256, bytes, at, shownBytes } of sources) {
      const key = `${sha256} ${source}`;
      const known = read.get(key) ?? {
        row: [source, String(bytes), sha256.slice(0, 12), at],
        states: new Set<string>(),
        shownBytes: 0,
      };
      known.states.add(state);
      known.shownBytes += shownBytes;
      read.set(key, known);
    }
    for (const { location, reason } of without) leftOut.set(location, reason);
  }
  if (uses.length === 0) return [];
  const isNamed = uses.some(({ state }) => state !== undefined);
  const rows = [...read.values()].map(({ row, states, shownBytes }) => [
    ...row,
    String(shownBytes),
    ...(isNamed ? [[...states].join(' ')] : []),
  ]);
  const head = ['READ', 'BYTES', 'SHA-256', 'AT', 'SHOWN', ...(isNamed ? ['BY'] : [])];
  const table = rows.length === 0 ? ['Nothing of the documentation was read.'] : formatTable(head, rows, width);
  const without = [...leftOut].map(([location, reason]) => [location, reason]);
  return [
    '',
    ...table,
    ...(without.length === 0 ? [] : ['', ...formatTable(['LEFT OUT', 'WHY, AND WHAT TO DO'], without, width)]),
  ];
}
