import type { Actor, ApprovalAnswer } from '@baton/contracts';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { documentOf, scenario, task } from '../../testing/scenario.js';

const isLong = inject('effort') === 'long';

const people: readonly Actor[] = [
  ...['tester', 'ada', 'bob', 'eve', 'zoe'].map((id) => ({ type: 'user' as const, id })),
  { type: 'apikey', id: 'ada' },
  { type: 'producer', id: 'user:ada' },
];
const nameOf = ({ type, id }: Actor): string => `${type}:${id}`;

const answers = fc.array(
  fc.record({
    by: fc.constantFrom(...people),
    decision: fc.constantFrom<ApprovalAnswer>('approve', 'approve', 'approve', 'reject', 'request-changes'),
    /** A redelivery has the id of a request that came before. */
    requestId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    waitsMs: fc.constantFrom(0, 0, 40_000, 90_000),
  }),
  { maxLength: 25 },
);
const policies = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  excludeSubmitter: fc.boolean(),
  isNamed: fc.boolean(),
});

test('whatever order and repetition of answers, an approval is decided at most once, and never without enough people', async () => {
  await fc.assert(
    fc.asyncProperty(policies, answers, async ({ count, excludeSubmitter, isNamed }, given) => {
      const approvers = ['tester', 'ada', 'bob', 'zoe'];
      const due = { remindAfterSeconds: 60, escalateAfterSeconds: 120, escalateTo: ['eve'] };
      const policy = {
        ...{ count, excludeSubmitter, due },
        // Enough are left without the submitter, so that the document is a good one.
        ...(isNamed ? { approvers: [...approvers, 'role:auditor'] } : {}),
      };
      const run = scenario(documentOf({ Ask: task({ Resource: 'baton:approval', Arguments: { policy } }) }), false);
      await run.start();
      const approvalId = run.commandOf('Ask').commandId;
      for (const { by, decision, requestId, waitsMs } of given) {
        run.pass(waitsMs);
        await run.when({ type: 'ExpireCommand', commandId: approvalId });
        await run.when({ type: 'DecideApproval', requestId, approvalId, decision, comment: '' }, by);
      }
      run.checkLog();
      const decided = run.eventsOf('ApprovalDecided');
      expect(decided.length).toBeLessThanOrEqual(1);
      expect(run.eventsOf('ApprovalReminded').length).toBeLessThanOrEqual(1);
      expect(run.eventsOf('ApprovalEscalated').length).toBeLessThanOrEqual(1);
      const said = [...run.eventsOf('ApprovalCounted'), ...decided].map(({ data }) => nameOf(data.by));
      expect(new Set(said).size).toBe(said.length);
      expect(said).not.toContain('producer:user:ada');
      if (excludeSubmitter) expect(said).not.toContain('user:tester');
      if (decided[0]?.data.decision === 'approve') expect(said).toHaveLength(count);
      else expect(run.eventsOf('ApprovalCounted').length).toBeLessThan(count);
      const approvals = run.log().filter(({ type }) => type === 'RunSucceeded' || type === 'RunFailed');
      expect(approvals).toHaveLength(decided.length);
    }),
    { numRuns: isLong ? 150 : 50 },
  );
});
