import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checked, progress, readEvidence, report, search } from '../src/checklist.ts';
import type { Requirement } from '../src/requirements.ts';

const list: readonly Requirement[] = [
  { id: 'R1', section: 'Speed', text: 'It must start within a second.', force: 'must' },
  { id: 'R2', section: 'Looks', text: 'It should be readable.', force: 'should' },
  { id: 'R3', section: 'Looks', text: 'It may be blue.', force: 'may' },
];

const evidence = (...entries: object[]) => readEvidence(JSON.stringify(entries), list);

test('a requirement without evidence is unchecked, and does not count as met', () => {
  const state = progress(checked(list, evidence({ id: 'R1', verdict: 'met', note: 'measured: 0.4 s' })));
  assert.deepEqual(state, { total: 3, met: 1, notMet: 0, unchecked: 2, isAccepted: false });
});

test('the list is accepted when all is met but what only may be done', () => {
  const met = evidence({ id: 'R1', verdict: 'met', note: 'a' }, { id: 'R2', verdict: 'met', note: 'b' });
  assert.equal(progress(checked(list, met)).isAccepted, true);
});

test('the list is not accepted when something is not met', () => {
  const found = evidence({ id: 'R1', verdict: 'met', note: 'a' }, { id: 'R2', verdict: 'not-met', note: 'too small' });
  assert.equal(progress(checked(list, found)).isAccepted, false);
});

test('the order of the evidence does not change the order of the list', () => {
  const found = evidence({ id: 'R3', verdict: 'met', note: 'a' }, { id: 'R1', verdict: 'met', note: 'b' });
  assert.deepEqual(
    checked(list, found).map(({ id }) => id),
    ['R1', 'R2', 'R3'],
  );
});

test('search finds requirements by words of text and section, in any case', () => {
  assert.deepEqual(
    search(list, 'LOOKS blue').map(({ id }) => id),
    ['R3'],
  );
  assert.equal(search(list, 'nothing like it').length, 0);
});

test('the report shows each requirement with its mark and the note', () => {
  const text = report('A title', checked(list, evidence({ id: 'R2', verdict: 'not-met', note: 'too small' })));
  assert.match(text, /^# A title\n/);
  assert.match(text, /- \[ \] R1 It must start within a second\.\n/);
  assert.match(text, /- \[!\] R2 It should be readable\. \(too small\)\n/);
  assert.match(text, /0 of 3 met, 1 not met, 2 unchecked: not accepted\./);
});

test('wrong evidence is refused with an error that says what and where', () => {
  assert.throws(() => readEvidence('{', list), { code: 'not-json' });
  assert.throws(() => readEvidence('{}', list), { code: 'not-a-list' });
  assert.throws(() => evidence({ verdict: 'met', note: 'a' }), /Entry 1 has no id/);
  assert.throws(() => evidence({ id: 'R1', verdict: 'perhaps', note: 'a' }), /"met" or "not-met"/);
  assert.throws(() => evidence({ id: 'R1', verdict: 'met', note: ' ' }), /how it was found out/);
  assert.throws(() => evidence({ id: 'R9', verdict: 'met', note: 'a' }), { code: 'unknown-id' });
  assert.throws(() => readEvidence('[null]', list), { code: 'bad-entry' });
  const met = { id: 'R1', verdict: 'met', note: 'a' };
  assert.throws(() => evidence(met, met), { code: 'repeated-id' });
});
