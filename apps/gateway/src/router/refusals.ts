import { ProblemError } from '../http/problem.js';
import type { Way } from './way-of.js';

/** @returns what a router has to say to whoever asks for what it has not */
export function refusalOf(why: Extract<Way, { to: 'nobody' }>['why'], of: number): ProblemError {
  switch (why) {
    case 'unknown-place':
      return new ProblemError('There is no such run in any of the shards.', {
        status: 404,
        code: 'not-found',
        next: 'Look at GET /v1/runs, which lists those of all shards.',
      });
    case 'no-such-shard':
      return new ProblemError(`There are ${of} shards, from 0 on.`, {
        status: 400,
        code: 'invalid-parameter',
        next: `Send the header Baton-Shard with a number from 0 to ${of - 1}, or without it.`,
        errors: [{ pointer: 'Baton-Shard', detail: `must be from 0 to ${of - 1}` }],
      });
    case 'of-one-log':
      return new ProblemError('This is a matter of one shard, and the router has no answer over all of them.', {
        status: 421,
        code: 'needs-one-log',
        next: `Send the header Baton-Shard, from 0 to ${of - 1}, or ask each of them.`,
      });
  }
}

export const shardAway = (shard: number, cause: unknown): ProblemError =>
  new ProblemError(`Shard ${shard} cannot be reached.`, {
    status: 503,
    code: 'shard-unreachable',
    next: 'Try again in a moment. Runs of other shards go on meanwhile.',
    headers: { 'retry-after': '2' },
    cause,
  });
