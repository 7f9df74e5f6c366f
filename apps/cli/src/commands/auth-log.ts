import { listUpTo } from '@baton/client';
import type { AccessEntry } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts } from '../table.js';
import { tellMore } from './tell-more.js';

export interface AuthLogOptions {
  readonly kind?: string;
  readonly actor?: string;
  readonly limit: number;
  readonly after?: string;
  readonly verify?: boolean;
}

const PAGE = 200;

/** Who was refused, and who asked for what of Baton itself; or whether that record is as it was written. */
export async function authLog(context: Context, options: AuthLogOptions): Promise<ExitCode> {
  if (options.verify === true) return verifyAuthLog(context);
  const gateway = await gatewayOf(context);
  const { kind, actor, limit, after } = options;
  const { items: entries, next } = await listUpTo({
    ask: async (page) => {
      const params = { query: { ...page, kind, actor } };
      const answer = await gateway.get('/v1/auth/log', { params, signal: context.interrupted });
      return { items: answer.entries, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  writeList(context.io, context.format, entries, columns, 'Nothing of that kind has happened.');
  tellMore(context, 'auth log', Object.entries({ kind, actor, limit }), next);
  return ExitCode.ok;
}

const columns: Columns<AccessEntry> = {
  headings: ['NUMBER', 'WHEN', 'WHAT', 'WHO', 'FROM', 'ROUTE', 'WHY', 'ABOUT', 'TIMES'],
  row: ({ position, at, kind, actor, address, route, code, about, count }) => [
    String(position),
    timeOf(at),
    kind,
    actor === null ? '' : `${actor.type}:${actor.id}`,
    address ?? '',
    route ?? '',
    code ?? '',
    about ?? '',
    String(count),
  ],
};

async function verifyAuthLog(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const check = await gateway.get('/v1/auth/log/verify', { signal: context.interrupted });
  writeOne(context.io, context.format, check, ({ verified, entries, hash, signed, problem }) =>
    formatFacts([
      ['verified', verified ? 'yes' : 'no'],
      ['entries', String(entries)],
      ['hash', hash],
      ['signed', signed === null ? 'no, nothing is published (BATON_CHECKPOINTS)' : String(signed)],
      ...(problem === null ? [] : [['problem', problem] as const]),
    ]),
  );
  if (check.problem !== null) writeLine(context.io.err, check.problem);
  return check.verified ? ExitCode.ok : ExitCode.verificationMismatch;
}
