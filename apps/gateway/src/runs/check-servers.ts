import { chosenOf, didYouMean, type ServerChoices, type ToldServer } from '@baton/contracts';
import { agentsKeepingLimits, templateSets } from '@baton/event-store';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';

/**
 * Refuses what a run leaves its agents of servers where no worker has such a server or tool, and where a worker is of a version
 * that would leave the limit out. Where no service has said yet what it works with, nothing is refused.
 *
 * @throws ProblemError 422 `unknown-mcp-server`, 409 `worker-too-old`
 */
export async function checkServers(pool: Pool, choices: ServerChoices | undefined): Promise<void> {
  if (choices === undefined) return;
  const living = await agentsKeepingLimits(pool);
  refuseOlder(living.filter(({ keepsLimits }) => !keepsLimits).map(({ kind }) => kind));
  const sets = await templateSets(pool);
  if (sets.length === 0) return;
  // Of a kind the newest start counts. Where that was one of an older version, nobody has said what those that live now have.
  const isUnknown = ({ kind, told }: (typeof sets)[number]): boolean =>
    told.servers === undefined && living.some((each) => each.kind === kind);
  if (sets.some(isUnknown)) return;
  const servers = sets.flatMap(({ told }) => told.servers ?? []);
  const errors = choices.flatMap((choice, at) => {
    const detail = lackOf(choice, servers);
    return detail === null ? [] : [{ pointer: `/agents/mcpServers/${at}`, detail }];
  });
  if (errors.length === 0) return;
  const names = namesOf(servers);
  throw new ProblemError('The run leaves its agents tools of servers that no worker has.', {
    status: 422,
    code: 'unknown-mcp-server',
    next:
      names.length === 0
        ? 'No operator of a worker allows one, so the run has to name none.'
        : `The operators of the workers allow ${names.join(', ')}.`,
    errors,
  });
}

const namesOf = (servers: readonly ToldServer[]): readonly string[] => [...new Set(servers.map(({ name }) => name))];

/** What of a choice no worker has, in words; null where one has it. */
function lackOf(choice: string, servers: readonly ToldServer[]): string | null {
  const [name = ''] = choice.split(':');
  const own = servers.filter((each) => each.name === name);
  if (own.length === 0) return `there is no server ${name}.${didYouMean(name, namesOf(servers))}`;
  const tools = chosenOf([choice], name);
  if (tools === 'all' || tools === null || own.some((each) => each.tools === 'all')) return null;
  const allowed = [...new Set(own.flatMap((each) => (each.tools === 'all' ? [] : each.tools)))];
  const unknown = tools.find((tool) => !allowed.includes(tool));
  if (unknown === undefined) return null;
  return `no worker may use the tool ${unknown} of ${name}; those of it that one may use are ${allowed.join(', ')}`;
}

/** Each living worker counts, whichever of its kind began last: they take from one queue. One that is gone is in nobody's way. */
function refuseOlder(kinds: readonly string[]): void {
  if (kinds.length === 0) return;
  throw new ProblemError(
    `Workers of the kind ${kinds.join(', ')} are of a version that leaves out which tools of servers a run allows.`,
    {
      status: 409,
      code: 'worker-too-old',
      next: 'Bring them up to date, or leave mcpServers out.',
      errors: [{ pointer: '/agents/mcpServers', detail: 'not every worker would hold to it' }],
    },
  );
}
