import type { JsonObject } from '@baton/contracts';
import { canonicalSha256 } from '@baton/workflow';
import { expect, test } from 'vitest';
import { checkDocument, describeFindings } from './check-document.js';
import { document } from './testing/document.js';

const findingsOf = (json: unknown) => {
  const checked = checkDocument(json);
  return checked.ok ? 'good' : describeFindings(checked.findings);
};
const chain = (length: number): JsonObject => ({
  StartAt: 'S0',
  States: Object.fromEntries(
    Array.from({ length }, (_, n) => [
      `S${n}`,
      { Type: 'Pass', ...(n === length - 1 ? { End: true } : { Next: `S${n + 1}` }) },
    ]),
  ),
});
const withDefinition = (definition: JsonObject) => ({ name: 'big', version: '1.0.0', title: 'Big', definition });

test('a good document comes with its hash', () => {
  expect(checkDocument(document)).toMatchObject({
    ok: true,
    document,
    sha256: canonicalSha256(document),
    findings: [],
  });
});

test.each<[string, unknown, RegExp]>([
  ['that is none', 5, /^\/ /],
  [
    'with an error in the definition',
    { ...document, definition: { StartAt: 'A', States: {} } },
    /^\/definition\/States /,
  ],
  [
    'whose input schema is none',
    { ...document, input: { type: 'text' } },
    /^\/input\/type must be one of .*; \/input\/type must be array$/,
  ],
  [
    'that is nested too deeply',
    JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`),
    /^\/ is nested deeper than 500/,
  ],
  [
    'with more states than can be checked in time',
    withDefinition(chain(2_001)),
    /^\/definition has more than 2000 states$/,
  ],
  [
    'with as many in a branch',
    withDefinition({ StartAt: 'P', States: { P: { Type: 'Parallel', Branches: [chain(2_000)], End: true } } }),
    /has more than 2000 states/,
  ],
])('a document %s is refused', (_, json, says) => {
  expect(findingsOf(json)).toMatch(says);
});

test('as many states as are allowed are checked in time', () => {
  const document = withDefinition(chain(2_000));
  expect(() => expect(findingsOf(document)).toBe('good')).toComputeWithin(5_000);
});
