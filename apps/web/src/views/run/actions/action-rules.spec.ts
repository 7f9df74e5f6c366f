import { expect, test } from 'vitest';
import { actionsFor, isOffered, type May } from './action-rules.js';

const whoHas =
  (...has: readonly string[]): May =>
  (...roles) =>
    has.some((role) => role === 'admin' || roles.includes(role));

test.each([
  ['accepted', ['cancel']],
  ['running', ['pause', 'signal', 'fork', 'resubmit', 'cancel']],
  ['paused', ['resume', 'signal', 'fork', 'resubmit', 'cancel']],
  ['failed', ['retry', 'fork', 'resubmit']],
  ['succeeded', ['fork', 'resubmit']],
  ['cancelled', ['fork', 'resubmit']],
] as const)('a run that is %s is offered what the gateway would take', (status, actions) => {
  expect(actionsFor(status, whoHas('admin'))).toEqual(actions);
});

test('nothing is offered to who may not', () => {
  expect(actionsFor('running', whoHas('viewer', 'auditor', 'approver'))).toEqual([]);
  expect(actionsFor('running', whoHas())).toEqual([]);
  expect(actionsFor('failed', whoHas('submitter'))).toEqual(['fork', 'resubmit']);
  expect(actionsFor('failed', whoHas('operator'))).toEqual(['retry', 'fork']);
  expect(isOffered('fork', 'failed', whoHas('viewer'))).toBe(false);
});
