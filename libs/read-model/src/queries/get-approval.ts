import type { ApprovalView, CommandId } from '@baton/contracts';
import { readFactsOfState, readStream, type StoredEvent } from '@baton/event-store';
import { missingOf, type RunEvent, type RunEventOf, readEvent, rebuild } from '@baton/workflow';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { boundTo, titleOf } from '../run-view/question.js';
import { askedIn } from './asked-in.js';
import { eventsOf } from './events-of.js';

/**
 * A question to a person, open or not: from the log alone, so that whoever was told of it finds it at once.
 *
 * @returns null when no state asked it
 */
export async function getApproval(pool: Pool, approvalId: CommandId): Promise<ApprovalView | null> {
  const runId = approvalId.slice(0, approvalId.lastIndexOf('-'));
  const version = (await askedIn(pool, runId, [approvalId])).get(approvalId);
  if (version === undefined) return null;
  const [first, ...later] = await eventsAbout(pool, runId, approvalId, version);
  const told = later.map((stored) => ({ at: stored.recordedAt, event: readEvent(stored) }));
  if (first === undefined) return null;
  const asked = readEvent(first);
  if (asked.type !== 'TaskScheduled' || asked.data.resource !== 'baton:approval') return null;
  const { deadline, arguments: question } = asked.data;
  return {
    approvalId,
    runId,
    ...(await whoAsks(pool, first, asked.data.visit)),
    title: titleOf(question),
    since: first.recordedAt,
    dueAt: deadline,
    sha256: boundTo(asked.data),
    arguments: question,
    // Which keys exist is no fact of the log: whoever knows them says so.
    blocked: null,
    ...howItStands(told),
    ...whoHasAnswered(asked.data, told),
  };
}

/** The event that asked, and those that follow from it. Events are searched as text, for the reason that `askedIn` gives. */
async function eventsAbout(
  pool: Pool,
  runId: string,
  commandId: CommandId,
  asked: number,
): Promise<readonly StoredEvent[]> {
  const versions = await eventsOf(pool, runId)
    .select('event.version')
    .where('event.version', '>=', asked)
    .where(({ eb, or }) =>
      or([
        eb('event.version', '=', asked),
        eb('event.type', 'like', 'Approval%'),
        eb('event.type', 'in', ['TaskTimedOut', 'CommandCancelled']),
      ]),
    )
    .where(sql<boolean>`position(${`"commandId":"${commandId}"`} in event.data::text) > 0`)
    .orderBy('event.version')
    .execute();
  const pages = await Promise.all(
    versions.map(({ version }) => readStream(pool, runId, { fromVersion: version, toVersion: version })),
  );
  return pages.flat().filter((stored) => {
    const { data } = readEvent(stored);
    return 'commandId' in data && data.commandId === commandId;
  });
}

/** The state that asks, by the state of the run at that event. */
async function whoAsks(
  pool: Pool,
  { runId, version }: StoredEvent,
  visit: number,
): Promise<Pick<ApprovalView, 'workflow' | 'workflowVersion' | 'state' | 'submittedBy'>> {
  const state = rebuild((await readFactsOfState(pool, runId, version)).map(readEvent));
  const asks = state.status === 'new' ? undefined : state.visits.get(visit);
  if (state.status === 'new' || asks === undefined) {
    throw new Error(`run ${runId} asks for an approval in event ${version}, in no state that is open`);
  }
  const { workflow, submittedBy } = state;
  return { workflow: workflow.name, workflowVersion: workflow.version, state: asks.state, submittedBy };
}

interface Told {
  readonly at: string;
  readonly event: RunEvent;
}

function howItStands(told: readonly Told[]): Pick<ApprovalView, 'status' | 'settledAt' | 'settledBy' | 'comment'> {
  for (const { at: settledAt, event } of told) {
    switch (event.type) {
      case 'ApprovalDecided': {
        const { decision, by, comment } = event.data;
        return { status: decision, settledAt, settledBy: by, comment };
      }
      case 'CommandCancelled':
        return { status: 'gone', settledAt, settledBy: null, comment: event.data.reason };
      case 'TaskTimedOut':
        return { status: 'gone', settledAt, settledBy: null, comment: 'Nobody answered in time.' };
      default:
    }
  }
  return { status: 'open', settledAt: null, settledBy: null, comment: null };
}

/** How far an approval that several people have to give has come, and whether it was taken to others. */
function whoHasAnswered(
  { approval }: RunEventOf<'TaskScheduled'>['data'],
  told: readonly Told[],
): Pick<ApprovalView, 'policy' | 'approvals' | 'missing' | 'remindedAt' | 'escalatedAt'> {
  const approvals = told.flatMap(({ at, event }) => {
    const isOne = event.type === 'ApprovalCounted' || (event.type === 'ApprovalDecided' && event.data.approvals);
    return isOne ? [{ by: event.data.by, comment: event.data.comment, at }] : [];
  });
  const timeOf = (type: RunEvent['type']): string | null => told.find(({ event }) => event.type === type)?.at ?? null;
  const escalatedAt = timeOf('ApprovalEscalated');
  const isOpen = howItStands(told).status === 'open';
  const missing = missingOf(
    approval === undefined ? null : { ...approval, given: approvals, isEscalated: escalatedAt !== null },
  );
  return {
    policy: approval?.policy ?? null,
    approvals,
    missing: isOpen ? { count: missing.count, from: missing.from === null ? null : [...missing.from] } : null,
    remindedAt: timeOf('ApprovalReminded'),
    escalatedAt,
  };
}
