import { expect, test } from 'vitest';
import { canonicalSha256 } from '../canonical-json.js';
import { machineOfDocument } from '../document/machine-of-document.js';
import { documentOfHash } from '../document/stored-document.js';
import { rebuild } from '../rebuild.js';
import { documentOf, scenario, task } from '../testing/scenario.js';
import { toStore } from './named-document.js';
import { upcast } from './upcast.js';

/** The events of a run as they are stored, and its document. */
async function recorded(name: string) {
  const run = scenario({ ...documentOf({ Work: task() }), name });
  await run.start();
  return run.log().map((event) => {
    const { data, document } = toStore(event);
    return { type: event.type, data: JSON.parse(JSON.stringify(data)), document: document ?? undefined };
  });
}

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
  }
};

const startOf = (type: string, data: unknown, version: number, document?: { sha256: string; text: string }) => {
  const state = rebuild([upcast(type, version, data, document)]);
  if (state.status === 'new') throw new Error('the run did not begin');
  return state;
};

test('the start of a run names its document in front, and holds nothing of it', async () => {
  const [start] = await recorded('in-front');
  expect(JSON.stringify(start?.data)).toMatch(/^\{"documentSha256":"[0-9a-f]{64}",/);
  expect(start?.data).not.toHaveProperty('document');
  expect(JSON.parse(start?.document?.text ?? '')).toMatchObject({ name: 'in-front' });
});

test('all runs that name a document have the same object, and with it the same machine', async () => {
  const [one] = await recorded('same');
  const [other] = await recorded('same');
  const [a, b] = [one, other].map((start) => startOf('RunStarted', start?.data, 6, start?.document));
  expect(a?.document).toBe(b?.document);
  expect(a === undefined ? null : machineOfDocument(a.document)).toBe(
    b === undefined ? 1 : machineOfDocument(b.document),
  );
});

test('so have runs whose old events hold the same document, side by side with the new ones', async () => {
  const [start] = await recorded('side-by-side');
  const { documentSha256: _, ...data } = start?.data ?? {};
  const old = { ...data, document: JSON.parse(start?.document?.text ?? '') };
  const [a, b, c] = [
    startOf('RunStarted', JSON.parse(JSON.stringify(old)), 5),
    startOf('RunStarted', JSON.parse(JSON.stringify(old)), 1),
    startOf('RunStarted', start?.data, 6, start?.document),
  ];
  expect(a.document).toBe(b.document);
  expect(a.document).toEqual(c.document);
});

test('the members of a document keep their order, which a run can see', async () => {
  const text = JSON.stringify({ ...documentOf({ Z: task({ Arguments: { b: 1, a: 2 } }) }), name: 'order' });
  expect(JSON.stringify(documentOfHash({ sha256: canonicalSha256(text), text }))).toBe(text);
});

test('an event whose document is not there, or is another, is never read without it', async () => {
  const [start] = await recorded('missing');
  expect(codeOf(() => upcast('RunStarted', 6, start?.data))).toBe('document-missing');
  const other = { sha256: '0'.repeat(64), text: '{}' };
  expect(codeOf(() => upcast('RunStarted', 6, start?.data, other))).toBe('document-missing');
});

test('an old event whose document is none is malformed, as ever', async () => {
  const [start] = await recorded('malformed');
  const { documentSha256: _, ...data } = start?.data ?? {};
  expect(codeOf(() => upcast('RunStarted', 5, { ...data, document: { name: 'x' } }))).toBe('malformed-event');
  expect(codeOf(() => upcast('RunStarted', 5, data))).toBe('malformed-event');
});

test('more documents than are remembered are read again, and say the same', () => {
  const textOf = (n: number): string => JSON.stringify({ ...documentOf({ Work: task() }), name: `many-${n}` });
  const first = documentOfHash({ sha256: 'first', text: textOf(0) });
  for (let n = 1; n <= 1_000; n += 1) documentOfHash({ sha256: `many-${n}`, text: textOf(n) });
  const again = documentOfHash({ sha256: 'first', text: textOf(0) });
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});
