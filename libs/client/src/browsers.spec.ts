import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const CONTRACTS = resolve(import.meta.dirname, '../../contracts/src/index.ts');

/** What a source file imports, or exports of others, at run time; types are gone by then. */
const importsOf = (file: string): readonly string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\s)[^;]*?from '([^']+)'|^import '([^']+)'/gm),
  ].map(([, from, bare]) => from ?? bare ?? '');

/** The packages that a file needs, over all files of ours that it leads to. */
function packagesOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const found = new Set<string>();
  for (const name of importsOf(file)) {
    const next = name.startsWith('.') ? join(dirname(file), name.replace(/\.js$/, '.ts')) : null;
    if (name !== '@baton/contracts' && next === null) found.add(name);
    for (const each of name === '@baton/contracts' ? packagesOf(CONTRACTS, seen) : []) found.add(each);
    for (const each of next === null ? [] : packagesOf(next, seen)) found.add(each);
  }
  return found;
}

test('a browser can load the client: nothing in it, nor in the contracts, needs Node', () => {
  const needed = packagesOf(join(import.meta.dirname, 'index.ts'));
  expect([...needed].sort()).toEqual(['eventsource-parser', 'fastest-levenshtein', 'openapi-fetch', 'uuid', 'zod']);
});
