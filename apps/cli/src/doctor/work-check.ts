import { unservedQueues } from '@baton/contracts';
import { formatDuration } from '../durations.js';
import type { Environment } from '../environment.js';
import { findConnection } from '../gateway/connection.js';
import { openGateway } from '../gateway/gateway.js';
import { type Finding, ok, warn } from './finding.js';

/**
 * Whether tasks wait that nobody takes: a kind of worker that the workflows ask for, and of which none lives. Nothing where no
 * gateway can be asked, which is a finding of its own, or where whoever asks may not see the queues.
 */
export async function checkWork(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const check = 'work';
  const connection = await findConnection(env);
  const gateway = openGateway(connection);
  const asking = { signal, timeoutMs: 10_000 };
  const answers = await Promise.all([gateway.get('/v1/queues', asking), gateway.get('/v1/workers', asking)]).catch(
    () => null,
  );
  if (answers === null) return [];
  const [{ queues }, { workers }] = answers;
  const left = unservedQueues(queues, workers);
  if (left.length === 0) return [ok(check, 'no task waits for a worker that is not there')];
  const found = left.map(
    ({ kind, waiting, oldestMs }) =>
      `${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'} for a worker of the kind ${kind}, ${since(oldestMs)}, and none takes any`,
  );
  return [warn(check, found.join('; '), 'Start such a worker; `baton worker list` says who was there last.')];
}

const since = (ms: number | null): string =>
  ms === null ? 'since a moment ago' : `the first for ${formatDuration(ms)}`;
