import type { ApprovalView, CommandId, Json } from '@baton/contracts';
import { newestCarry, readStream, type StoredEvent } from '@baton/event-store';
import { canonicalSha256, type RunEventOf, rebuild } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { readEvent } from '../projection/project-page.js';

const VersionRow = z.object({ version: z.int() });

/**
 * A question to a person, open or not: from the log alone, so that whoever was told of it finds it at once.
 *
 * @returns null when no state asked it
 */
export async function getApproval(pool: Pool, approvalId: CommandId): Promise<ApprovalView | null> {
  const runId = approvalId.slice(0, approvalId.lastIndexOf('-'));
  const [first, ...later] = await eventsAbout(pool, runId, approvalId);
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
    ...howItStands(later.at(-1)),
  };
}

export const boundTo = ({ sha256, arguments: question }: RunEventOf<'TaskScheduled'>['data']): string =>
  sha256 ?? canonicalSha256(question);

export function titleOf(question: Json): string | null {
  const parsed = z.object({ title: z.string().min(1) }).safeParse(question);
  return parsed.success ? parsed.data.title : null;
}

/**
 * The event that asked, and the one that settled it. Events are searched as text: `json` columns hold what workers said,
 * on which operators of Postgres fail where that holds \u0000.
 */
async function eventsAbout(pool: Pool, runId: string, commandId: CommandId): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query(
    `select e.version from baton.event e join baton.stream s using (run_id)
      where e.run_id = $1 and e.position between s.first_position and s.last_position
        and e.type in ('TaskScheduled', 'ApprovalDecided', 'TaskTimedOut', 'CommandCancelled')
        and position($2 in e.data::text) > 0
      order by e.version`,
    [runId, `"commandId":"${commandId}"`],
  );
  const versions = rows.map((row) => VersionRow.parse(row).version);
  const pages = await Promise.all(
    versions.map((version) => readStream(pool, runId, { fromVersion: version, toVersion: version })),
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
): Promise<Pick<ApprovalView, 'workflow' | 'workflowVersion' | 'state'>> {
  const fromVersion = await newestCarry(pool, runId, version);
  const state = rebuild((await readStream(pool, runId, { fromVersion, toVersion: version })).map(readEvent));
  const asks = state.status === 'new' ? undefined : state.visits.get(visit);
  if (state.status === 'new' || asks === undefined) {
    throw new Error(`run ${runId} asks for an approval in event ${version}, in no state that is open`);
  }
  return { workflow: state.workflow.name, workflowVersion: state.workflow.version, state: asks.state };
}

function howItStands(
  settled: StoredEvent | undefined,
): Pick<ApprovalView, 'status' | 'settledAt' | 'settledBy' | 'comment'> {
  if (settled === undefined) return { status: 'open', settledAt: null, settledBy: null, comment: null };
  const event = readEvent(settled);
  const settledAt = settled.recordedAt;
  switch (event.type) {
    case 'ApprovalDecided': {
      const { decision, by, comment } = event.data;
      return { status: decision, settledAt, settledBy: by, comment };
    }
    case 'CommandCancelled':
      return { status: 'gone', settledAt, settledBy: null, comment: event.data.reason };
    default:
      return { status: 'gone', settledAt, settledBy: null, comment: 'Nobody answered in time.' };
  }
}
