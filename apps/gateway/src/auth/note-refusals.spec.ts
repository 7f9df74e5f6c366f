import type { AccessNote } from '@baton/event-store';
import { expect, test } from 'vitest';
import { noteRefusals, type Refusal } from './note-refusals.js';

const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  actor: null,
  address: '10.0.0.1',
  route: 'GET /v1/runs',
  code: 'unauthorized',
  ...more,
});

function watched(write: (note: AccessNote) => Promise<void> = async () => {}) {
  const written: AccessNote[] = [];
  let nowMs = 0;
  const refusals = noteRefusals(
    async (note) => {
      await write(note);
      written.push(note);
    },
    { warn: () => {} },
    () => nowMs,
  );
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { refusals, written, pass };
}
const sum = (written: readonly AccessNote[]) => written.reduce((all, { count = 1 }) => all + count, 0);

test('the first of a kind is written at once, and those like it are counted', async () => {
  const { refusals, written } = watched();
  for (let n = 0; n < 5; n += 1) refusals.note(refusal());
  refusals.note(refusal({ code: 'forbidden', actor: { type: 'apikey', id: 'ci' } }));
  await refusals.stop();
  expect(written).toMatchObject([
    { kind: 'refused', code: 'unauthorized', address: '10.0.0.1' },
    { code: 'forbidden', actor: { id: 'ci' } },
    { code: 'unauthorized', count: 4 },
  ]);
});

test('a hundred thousand refusals of as many kinds in a day are a few thousand entries, and each is counted', async () => {
  const { refusals, written, pass } = watched();
  for (let minute = 0; minute < 1_440; minute += 1) {
    for (let n = 0; n < 70; n += 1) refusals.note(refusal({ address: `10.0.${n}.1`, about: `${minute}` }));
    await refusals.flush();
    pass(60_000);
  }
  await refusals.stop();
  expect(sum(written)).toBe(1_440 * 70);
  expect(written.length).toBeLessThanOrEqual(60 + 2 * 1_440);
});

test('what could not be written is counted with what comes later', async () => {
  let isDown = true;
  const { refusals, written } = watched(async () => {
    if (isDown) throw new Error('away');
  });
  refusals.note(refusal());
  await refusals.flush();
  isDown = false;
  await refusals.stop();
  expect(sum(written)).toBe(1);
});
