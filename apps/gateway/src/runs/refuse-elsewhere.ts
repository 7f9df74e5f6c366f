import { type Shard, shardOf } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';

/** A run begins in the log that its id says, or nobody would find it. @throws ProblemError 421 */
export function refuseElsewhere({ number, of }: Shard, runId: string, pointer: string): void {
  const where = shardOf(runId, of);
  if (where === number) return;
  const detail = where === null ? 'says none of the shards that there are' : `belongs in shard ${where} of ${of}`;
  throw new ProblemError(`The id of the run, ${runId}, ${detail}, and this is shard ${number}.`, {
    status: 421,
    code: 'wrong-shard',
    next: 'Leave it out, and ask the router, which knows where it belongs.',
    errors: [{ pointer, detail }],
  });
}
