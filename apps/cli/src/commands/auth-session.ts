import { listUpTo } from '@baton/client';
import type { SignedIn } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';
import { tellMore } from './tell-more.js';

export interface ListSessionsOptions {
  readonly limit: number;
  readonly after?: string;
}

const PAGE = 200;

const columns: Columns<SignedIn> = {
  headings: ['SESSION', 'WHO', 'SINCE', 'LAST USED', 'ENDS'],
  row: ({ sessionId, actor, beganAt, usedAt, endsAt }) => [
    sessionId,
    actor === null ? 'not known' : `${actor.type}:${actor.id}`,
    timeOf(beganAt),
    timeOf(usedAt),
    timeOf(endsAt),
  ],
};

/** Browsers that are signed in. */
export async function listSessions(context: Context, { limit, after }: ListSessionsOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { items: sessions, next } = await listUpTo({
    ask: async (page) => {
      const answer = await gateway.get('/v1/auth/sessions', { params: { query: page }, signal: context.interrupted });
      return { items: answer.sessions, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  writeList(context.io, context.format, sessions, columns, 'No browser is signed in.');
  tellMore(context, 'auth session list', Object.entries({ limit }), next);
  return ExitCode.ok;
}

export async function endSession(context: Context, id: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  await gateway.delete('/v1/auth/sessions/{id}', { params: { path: { id } }, signal: context.interrupted });
  writeLine(context.io.err, 'It is over: that browser is signed out.');
  return ExitCode.ok;
}
