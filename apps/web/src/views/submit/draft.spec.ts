import { expect, test } from 'vitest';
import { bodyOf, draftOf, EMPTY_DRAFT, forkedFrom } from './draft.js';

test('what nobody filled in is not sent', () => {
  expect(bodyOf('report', { ...EMPTY_DRAFT, input: { data: 1 } })).toEqual({
    body: { workflow: 'report', input: { data: 1 } },
    wrong: [],
  });
});

test('labels, mode, budget, priority and who does what are sent as the gateway has them', () => {
  const { body, wrong } = bodyOf('report', {
    ...EMPTY_DRAFT,
    ...{
      labels: [
        { name: ' team ', value: 'red' },
        { name: '', value: '' },
      ],
      mode: 'hybrid',
      usd: '2.5',
      tokens: '100',
    },
    ...{ wallClock: '2h', priority: '0', byHand: ['Draft'] },
  });
  expect(wrong).toEqual([]);
  expect(body).toEqual({
    ...{ workflow: 'report', input: {}, labels: { team: 'red' }, decisions: { mode: 'hybrid' }, priority: 0 },
    ...{ budget: { usd: 2.5, tokens: 100, wallClock: 'PT2H' }, by: { Draft: 'human' } },
  });
});

test.each([
  [{ usd: '0' }, '/budget/usd'],
  [{ usd: 'much' }, '/budget/usd'],
  [{ tokens: '1.5' }, '/budget/tokens'],
  [{ wallClock: 'soon' }, '/budget/wallClock'],
  [{ wallClock: 'P1M' }, '/budget/wallClock'],
  [
    {
      labels: [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
    },
    '/labels',
  ],
  [{ labels: [{ name: '', value: '1' }] }, '/labels'],
])('%j is wrong at its place', (change, pointer) => {
  expect(bodyOf('report', { ...EMPTY_DRAFT, ...change }).wrong.map((each) => each.pointer)).toEqual([pointer]);
});

test('the submission of a run is taken from its first event, and gives the same again', () => {
  const data = {
    workflow: { name: 'seven-step', version: '1.2.0', sha256: '0' },
    ...{ input: { requirements: 'x' }, labels: { team: 'red' }, priority: 1, by: { Implement: 'human' } },
    ...{ decisionMode: 'hybrid', budget: { usd: 5, tokens: null, wallClock: 'PT2H' }, agents: { model: 'm' } },
  };
  const taken = draftOf({ type: 'RunStarted', data });
  expect(taken).toMatchObject({ workflow: 'seven-step', version: '1.2.0' });
  expect(bodyOf('seven-step', taken?.draft ?? EMPTY_DRAFT).body).toEqual({
    ...{ workflow: 'seven-step', input: { requirements: 'x' }, labels: { team: 'red' }, priority: 1 },
    ...{ decisions: { mode: 'hybrid' }, budget: { usd: 5, wallClock: 'PT2H' }, by: { Implement: 'human' } },
    agents: { model: 'm' },
  });
  expect(draftOf({ type: 'RunForked', data: {} })).toBeNull();
});

test('a fork goes back to the run that was submitted', () => {
  expect(forkedFrom({ type: 'RunForked', data: { from: { runId: 'r-1', version: 7 } } })).toBe('r-1');
  expect(forkedFrom({ type: 'RunStarted', data: { from: { runId: 'r-1' } } })).toBeNull();
});
