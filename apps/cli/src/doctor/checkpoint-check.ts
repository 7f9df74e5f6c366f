import type { Environment } from '../environment.js';
import { findConnection } from '../gateway/connection.js';
import { openGateway } from '../gateway/gateway.js';
import { type Finding, fail, ok, warn } from './finding.js';

const CHECK = 'checkpoints';
const NEXT = 'Read "When signing stops" in docs/audit.md.';

/** Whether the log is signed, and published; nothing where no gateway can be asked, which is a finding of its own. */
export async function checkCheckpoints(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const view = await findConnection(env)
    .then((connection) => openGateway(connection).get('/v1/audit/checkpoint', { signal, timeoutMs: 10_000 }))
    .catch(() => null);
  if (view === null) return [];
  const { status, problem, where, waiting, checkpoint } = view;
  if (status === 'off')
    return [warn(CHECK, 'off: the log is not signed', 'Unset BATON_CHECKPOINTS, or name a place in it.')];
  if (status === 'stopped') return [fail(CHECK, problem ?? 'the log is signed no more', NEXT)];
  const found = `${checkpoint?.split('\n')[1] ?? 0} events signed, ${waiting} not yet, in ${where ?? 'no place'}`;
  return [problem === null ? ok(CHECK, found) : warn(CHECK, `${found}. ${problem}`, NEXT)];
}
