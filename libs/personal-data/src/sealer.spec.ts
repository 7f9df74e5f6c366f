import { randomBytes, randomUUID } from 'node:crypto';
import { Json } from '@baton/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rememberingKeys } from './known-keys.js';
import { type KeyStore, missingSubjects, Sealer } from './sealer.js';

/** Keys as the table has them. */
function store() {
  const bySubject = new Map<string, { keyId: string; key: Buffer }>();
  const runs: string[] = [];
  const keys: KeyStore = {
    keyFor: async (subject, runId) => {
      const key = bySubject.get(subject) ?? { keyId: randomUUID(), key: randomBytes(32) };
      bySubject.set(subject, key);
      runs.push(`${key.keyId} ${runId}`);
      return key;
    },
    keysOf: async (keyIds) =>
      new Map([...bySubject.values()].flatMap(({ keyId, key }) => (keyIds.includes(keyId) ? [[keyId, key]] : []))),
    noteRun: async (keyIds, runId) => void runs.push(...keyIds.map((keyId) => `${keyId} ${runId}`)),
  };
  return { keys, runs, erase: (subject: string) => bySubject.delete(subject) };
}

const RUN = randomUUID();
const OTHER = randomUUID();
const INPUT: Json = { customer: { id: 17 }, mail: 'jane@example.com', messages: [{ text: 'a' }, { text: 'b', n: 1 }] };
const MARKS = [{ subject: '/customer/id', places: ['/mail', '/messages/*/text', '/nothing/here'] }];
const of = { input: INPUT, runId: RUN };

test('what is marked is no longer to be read, and what is not marked stays as it is', async () => {
  const sealed = await new Sealer(store().keys).sealed(INPUT, MARKS, of);
  const text = JSON.stringify(sealed);
  expect(text).not.toContain('jane');
  expect(sealed).toMatchObject({ customer: { id: 17 }, messages: [{}, { n: 1 }] });
  expect(text.match(/"\$sealed"/g)).toHaveLength(3);
});

test('it is opened within its run alone', async () => {
  const sealer = new Sealer(store().keys);
  const sealed = await sealer.sealed(INPUT, MARKS, of);
  expect(await sealer.opened(sealed, RUN)).toEqual(INPUT);
  expect(await sealer.opened(sealed, OTHER)).toEqual(sealed);
});

test('a copy that claims to be of another run stays closed', async () => {
  const sealer = new Sealer(store().keys);
  const sealed = JSON.stringify(await sealer.sealed(INPUT, MARKS, of));
  const forged = Json.parse(JSON.parse(sealed.replaceAll(RUN, OTHER)));
  expect(await sealer.opened(forged, OTHER)).toEqual(forged);
});

test('a value that was changed, cut off or made up stays as it stands', async () => {
  const sealer = new Sealer(store().keys);
  const key = JSON.stringify(
    await sealer.sealed('x', [{ subject: '/id', places: [''] }], { input: { id: 'a' }, runId: RUN }),
  );
  const { $sealed } = JSON.parse(key);
  for (const box of ['', 'AAAA', `A${$sealed.box.slice(1)}`.replace(/^AA/, 'BB'), $sealed.box.slice(0, -8), '\u0000']) {
    const bad: Json = { $sealed: { ...$sealed, box } };
    if (box !== $sealed.box) expect(await sealer.opened(bad, RUN)).toEqual(bad);
  }
  const unknown: Json = { $sealed: { key: 'no uuid', run: RUN, box: '' } };
  expect(await sealer.opened(unknown, RUN)).toEqual({ $erased: true });
});

test('what was handed to another run is sealed for it, under the same key, and that run is noted', async () => {
  const { keys, runs, erase } = store();
  const sealer = new Sealer(keys);
  const moved = await sealer.moved(await sealer.sealed(INPUT, MARKS, of), RUN, OTHER);
  expect(JSON.stringify(moved)).not.toContain('jane');
  expect(await sealer.opened(moved, OTHER)).toEqual(INPUT);
  expect(new Set(runs.map((note) => note.slice(37)))).toEqual(new Set([RUN, OTHER]));
  // What the other run marks itself is about the same person, although its input says so under seal.
  const whole = await sealer.sealed({ of: INPUT }, [{ subject: '/mail', places: ['/of'] }], {
    input: moved,
    runId: OTHER,
  });
  expect(JSON.stringify(whole)).not.toContain('jane');
  erase('17');
  expect(await sealer.opened(moved, OTHER)).toMatchObject({ customer: { id: 17 }, mail: { $erased: true } });
  expect(await sealer.opened(whole, OTHER)).toEqual({ of: { $erased: true } });
  expect(await sealer.moved(moved, OTHER, RUN)).toMatchObject({ mail: { $erased: true } });
});

test('what is sealed within something that is sealed keeps its own key, and is opened and moved with it', async () => {
  const { keys, erase } = store();
  const sealer = new Sealer(keys);
  const inner = await sealer.sealed({ text: 'hers' }, [{ subject: '/she', places: ['/text'] }], {
    input: { she: 'a' },
    runId: RUN,
  });
  const outer = await sealer.sealed({ all: inner, his: null }, [{ subject: '/he', places: ['/all', '/his'] }], {
    input: { he: 'b' },
    runId: RUN,
  });
  expect(await sealer.opened(outer, RUN)).toEqual({ all: { text: 'hers' }, his: null });
  const moved = await sealer.moved(outer, RUN, OTHER);
  expect(await sealer.opened(moved, OTHER)).toEqual({ all: { text: 'hers' }, his: null });
  erase('a');
  expect(await sealer.opened(moved, OTHER)).toEqual({ all: { text: { $erased: true } }, his: null });
});

test('nothing is sealed twice', async () => {
  const sealer = new Sealer(store().keys);
  const once = await sealer.sealed(INPUT, MARKS, of);
  expect(await sealer.sealed(once, MARKS, of)).toEqual(once);
});

test('an input that says not whom it is about is refused, and named', async () => {
  const sealer = new Sealer(store().keys);
  for (const id of [undefined, '', null, {}, 'x'.repeat(201), '\ud800']) {
    const input = Json.parse({ mail: 'm', customer: id === undefined ? {} : { id } });
    expect(missingSubjects(MARKS, input)).toHaveLength(1);
    await expect(sealer.sealed(input, MARKS, { input, runId: RUN })).rejects.toThrow('/customer/id');
  }
  expect(missingSubjects(MARKS, INPUT)).toEqual([]);
  expect(missingSubjects(undefined, null)).toEqual([]);
});

test('any value is the same when it is opened, under any name', async () => {
  const sealer = new Sealer(store().keys);
  const names = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', '$sealed', '', 'a/b', '~'),
    fc.string({ unit: 'grapheme' }),
  );
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), names, async (value, name) => {
      const within = Json.parse(JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)},"id":"s"}`));
      const place = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (name === 'id' || name === '*') return;
      const sealed = await sealer.sealed(within, [{ subject: '/id', places: [place] }], { input: within, runId: RUN });
      expect(JSON.stringify(sealed)).toContain('"$sealed":{"key"');
      expect(JSON.stringify(await sealer.opened(sealed, RUN))).toBe(JSON.stringify(within));
    }),
  );
});

test('a key that was destroyed is remembered for two seconds and no longer, however often it is used', async () => {
  const { keys, erase } = store();
  let nowMs = 0;
  const sealer = new Sealer(rememberingKeys(keys, () => nowMs));
  const sealed = await sealer.sealed(INPUT, MARKS, of);
  erase('17');
  for (nowMs = 0; nowMs < 2_000; nowMs += 500) expect(await sealer.opened(sealed, RUN)).toEqual(INPUT);
  expect(await sealer.opened(sealed, RUN)).toMatchObject({ mail: { $erased: true } });
});
