import type { ApprovalPolicy } from '@baton/contracts';
import { canonicalSha256, type RunEvent, type RunEventOf } from '@baton/workflow';

/** Events of a run that asks people, one question in a frame of its own. */

export const frame = (number: number): RunEvent => ({
  type: 'FrameStarted',
  data: { frame: number, parent: null, machine: '', input: {} },
});
export const entered = (visit: number): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame: visit, state: 'Plan' },
});
export const asked = (runId: string, n: number, question: object, policy?: ApprovalPolicy): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    visit: n,
    commandId: `${runId}-${n}`,
    resource: 'baton:approval',
    arguments: JSON.parse(JSON.stringify(question)),
    attempt: 1,
    notBefore: null,
    deadline: '2030-01-01T00:00:00.000Z',
    heartbeatSeconds: null,
    sha256: canonicalSha256(question),
    ...(policy === undefined ? {} : { approval: { policy, remindAt: null, escalateAt: null } }),
  },
});
export const answered = (runId: string, facts: Partial<RunEventOf<'ApprovalDecided'>['data']> = {}): RunEvent => ({
  type: 'ApprovalDecided',
  data: {
    visit: 1,
    commandId: `${runId}-1`,
    decision: 'approve',
    comment: 'fine',
    by: { type: 'user', id: 'ada' },
    requestId: 'r',
    ...facts,
  },
});
