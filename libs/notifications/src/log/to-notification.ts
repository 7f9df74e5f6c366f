import type { Notification, RunId } from '@baton/contracts';
import { canonicalSha256, type RunEvent, type RunEventOf } from '@baton/workflow';
import { z } from 'zod';

/** The events of the log that can be news. */
export const NEWS = [
  'TaskScheduled',
  'ApprovalReminded',
  'ApprovalEscalated',
  'RunSucceeded',
  'RunFailed',
  'RunCancelled',
  'BudgetWarned',
  'BudgetExhausted',
] as const satisfies readonly RunEvent['type'][];

/** Which run the news is about. */
export interface RunOfEvent {
  readonly runId: RunId;
  readonly workflow: string;
  readonly workflowVersion: string;
}

/** A question to a person, as it was asked. */
export type AskedApproval = Pick<
  RunEventOf<'TaskScheduled'>['data'],
  'commandId' | 'arguments' | 'deadline' | 'sha256'
>;

const MOST_CHARACTERS = 500;
const Titled = z.object({ title: z.string().min(1) });

/**
 * What webhooks are told of an event; null when they are told nothing.
 * @param asked the question that a reminder or an escalation is about
 */
export function toNotification(
  event: RunEvent,
  timestamp: string,
  { runId, workflow, workflowVersion }: RunOfEvent,
  asked: AskedApproval | null = null,
): Notification | null {
  const run = { runId, workflow, workflowVersion };
  const path = `/v1/runs/${run.runId}`;
  const links = { run: path, events: `${path}/events` };
  const finished = (status: 'succeeded' | 'failed' | 'cancelled', error: string | null): Notification => ({
    type: 'run.finished',
    timestamp,
    data: { ...run, status, error, links: { ...links, result: `${path}/result` } },
  });
  const about = ({ commandId, arguments: question, deadline, sha256 }: AskedApproval) => ({
    ...run,
    approvalId: commandId,
    title: titleOf(question),
    dueAt: deadline,
    sha256: sha256 ?? canonicalSha256(question),
    links: { ...links, approval: `/v1/approvals/${commandId}` },
  });
  switch (event.type) {
    case 'TaskScheduled':
      if (event.data.resource !== 'baton:approval') return null;
      return { type: 'approval.requested', timestamp, data: about(event.data) };
    case 'ApprovalReminded':
      return asked === null ? null : { type: 'approval.reminded', timestamp, data: about(asked) };
    case 'ApprovalEscalated':
      if (asked === null) return null;
      return { type: 'approval.escalated', timestamp, data: { ...about(asked), to: event.data.to } };
    case 'RunSucceeded':
      return finished('succeeded', null);
    case 'RunFailed':
      return finished('failed', beginningOf(event.data.error));
    case 'RunCancelled':
      return finished('cancelled', null);
    case 'BudgetWarned':
    case 'BudgetExhausted': {
      const { kind, used, limit } = event.data;
      const type = event.type === 'BudgetWarned' ? 'budget.warning' : 'budget.exhausted';
      return { type, timestamp, data: { ...run, kind, used, limit, links } };
    }
    default:
      return null;
  }
}

function titleOf(question: unknown): string | null {
  const parsed = Titled.safeParse(question);
  return parsed.success ? beginningOf(parsed.data.title) : null;
}

/** Half a surrogate pair, given or left by the cut, is something that strict readers of JSON refuse. */
const beginningOf = (text: string): string => text.slice(0, MOST_CHARACTERS).toWellFormed();
