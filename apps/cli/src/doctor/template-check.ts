import type { Environment } from '../environment.js';
import { findConnection } from '../gateway/connection.js';
import { openGateway } from '../gateway/gateway.js';
import { type Finding, ok, warn } from './finding.js';

/** What the services said of their templates; nothing where no gateway can be asked, which is a finding of its own. */
export async function checkTemplates(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const list = await findConnection(env)
    .then((connection) => openGateway(connection).get('/v1/templates', { signal, timeoutMs: 10_000 }))
    .catch(() => null);
  if (list === null || list.templates.length + list.problems.length === 0) return [];
  const count = list.templates.filter(({ isReplaced }) => !isReplaced).length;
  const [first] = list.problems;
  if (first === undefined) return [ok('templates', `${count} in use`)];
  const more = list.problems.length === 1 ? '' : ` And ${list.problems.length - 1} more.`;
  const next = 'Correct the file and start the services again; `baton template list` has them all.';
  return [warn('templates', `${count} in use. ${first.problem}${more}`, next)];
}
