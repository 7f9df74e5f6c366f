import { openStoppable, type Stoppable } from '@baton/threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CATALOG_THREAD, type Checks, checksOn } from './checks.js';
import { document } from './testing/document.js';

let stoppable: Stoppable;
let checks: Checks;
beforeAll(() => {
  stoppable = openStoppable({ entry: CATALOG_THREAD, threads: 2, memoryMb: 256, monotonicMs: () => performance.now() });
  checks = checksOn(stoppable);
});
afterAll(() => stoppable.close());

const withInput = (input: unknown): unknown => ({ ...document, input });
const named = (count: number, of: (index: number) => unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, of(index)]));

test('a good document is the same from a thread', async () => {
  expect(await checks.document(document)).toMatchObject({ ok: true, document: { name: document.name } });
});

describe('a document that would take for ever gets a finding', () => {
  test.each([
    ['nine thousand properties', withInput({ type: 'object', properties: named(9_000, () => ({ type: 'string' })) })],
    ['a schema nested without end', withInput({ $ref: '#' })],
    [
      'definitions that double',
      withInput({
        $ref: '#/$defs/p28',
        $defs: named(29, (index) =>
          index === 0
            ? { type: 'object' }
            : { oneOf: [{ $ref: `#/$defs/p${index - 1}` }, { $ref: `#/$defs/p${index - 1}` }] },
        ),
        unevaluatedProperties: false,
      }),
    ],
    ['half a million values', { ...document, title: Array.from({ length: 500_000 }, () => 1) }],
  ])('%s', async (_what, json) => {
    const began = performance.now();
    const checked = await checks.document(json);
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(checked).toMatchObject({ ok: false, findings: [{ severity: 'error', message: expect.any(String) }] });
  });
});

test('an input that would take for ever is refused with what may be the reason', async () => {
  const input = { type: 'object', properties: { s: { type: 'string', pattern: '^(a|aa)+$' } } };
  expect(await checks.input({ input }, { s: `${'a'.repeat(60)}!` })).toEqual([
    { pointer: '', detail: expect.stringContaining('A pattern or uniqueItems') },
  ]);
});

describe('YAML of anybody’s is read in time, or refused', () => {
  test.each([
    ['escaped newlines', `a: "${'\\n'.repeat(400_000)}"`],
    ['anchors', Array.from({ length: 20_000 }, (_, index) => `k${index}: &a${index} 1`).join('\n')],
    ['keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
    [
      'aliases of aliases',
      [
        'a0: &a0 [x, x, x, x, x, x, x, x, x]',
        ...Array.from(
          { length: 20 },
          (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
        ),
      ].join('\n'),
    ],
    ['brackets', '['.repeat(20_000)],
  ])('%s', async (_what, text) => {
    const began = performance.now();
    const read = await checks.yaml(text).catch((thrown: unknown) => thrown);
    expect(performance.now() - began).toBeLessThan(6_000);
    if (read instanceof Error) expect(read).toMatchObject({ code: 'malformed-yaml' });
  });

  test('a mistake is named with its place', async () => {
    await expect(checks.yaml('a: 1\na: 2')).rejects.toThrow('The key a comes twice at line 2, column 1');
  });
});
