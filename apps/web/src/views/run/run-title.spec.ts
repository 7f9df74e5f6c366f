import { expect, test } from 'vitest';
import { titleOf } from './run-title.js';

const run = { runId: '438e8908-239d-51c5-9651-2b59c3d76e8a', workflow: 'seven-step', waitingFor: [] };

test('the title of the page says the state of the run first', () => {
  expect(titleOf({ ...run, status: 'failed' })).toBe('failed · seven-step 438e8908 · Baton');
  const approval = { kind: 'approval' as const, state: 'S', approvalId: 'a', since: '' };
  expect(titleOf({ ...run, status: 'running', waitingFor: [approval] })).toMatch(/^waits for a person · /);
});
