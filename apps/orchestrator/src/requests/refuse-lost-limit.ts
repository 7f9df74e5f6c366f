import { TerminalError } from '@baton/contracts';
import { agentsKeepingLimits, findRequest } from '@baton/event-store';
import type { StartedRun } from '@baton/workflow';
import type { Pool } from 'pg';
import type { HubMessage } from '../hub/message.js';

/** What a run that begins, or is taken up again, says of its agents. */
function agentsOf(order: HubMessage['order']): StartedRun['agents'] {
  if (order.type === 'StartRun') return order.submission.agents;
  return order.type === 'ForkRun' || order.type === 'RetryRun' ? order.cut.state.agents : undefined;
}

/**
 * A run that leaves its agents less of tool servers than their operators allow does not begin while an agent lives that would leave
 * that out, by whatever way it was asked for: a schedule was looked at when it was made, and what comes by the queue by nobody.
 *
 * @throws TerminalError `worker-too-old`
 */
export async function refuseLostLimit(pool: Pool, { order, requestId = '' }: HubMessage): Promise<void> {
  if (agentsOf(order)?.mcpServers === undefined) return;
  const older = (await agentsKeepingLimits(pool)).filter(({ keepsLimits }) => !keepsLimits);
  // One that began its run before comes again: it has no effect.
  if (older.length === 0 || (await findRequest(pool, requestId)) !== null) return;
  const kinds = older.map(({ kind }) => kind).join(', ');
  throw new TerminalError(
    `Workers of the kind ${kinds} are of a version that leaves out which tools of servers a run allows.`,
    { code: 'worker-too-old', next: 'Bring them up to date, and take the request up again; or leave mcpServers out.' },
  );
}
