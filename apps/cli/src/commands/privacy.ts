import type { PersonalErasureView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeList, writeOne } from '../output.js';
import { formatFacts } from '../table.js';

export async function showSubject(context: Context, subject: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const found = await gateway.post('/v1/personal/lookups', {
    body: { subject },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, found, ({ keyId, since, runs, more }) =>
    formatFacts([
      ['key', keyId],
      ['since', timeOf(since)],
      ...runs.map((runId, index) => [index === 0 ? 'runs' : '', runId] as const),
      ...(more ? [['', '… and more'] as const] : []),
    ]),
  );
  return ExitCode.ok;
}

/** It answers when no service remembers the key any more. */
export async function eraseSubject(
  context: Context,
  subject: string,
  { reason }: { readonly reason: string },
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const erased = await gateway.post('/v1/personal/erasures', {
    body: { subject, reason },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, erased, ({ keyId, runs }) =>
    formatFacts([
      ['key', `${keyId}, destroyed`],
      ['runs', `${runs}: what they hold under it can no longer be read`],
    ]),
  );
  return ExitCode.ok;
}

export async function listErasures(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { erasures } = await gateway.get('/v1/personal/erasures', { signal: context.interrupted });
  writeList(context.io, context.format, erasures, COLUMNS, 'Nothing was erased.');
  return ExitCode.ok;
}

const COLUMNS: Columns<PersonalErasureView> = {
  headings: ['WHEN', 'BY', 'RUNS', 'KEY', 'WHY'],
  row: ({ at, by, runs, keyId, reason }) => [timeOf(at), `${by.type}:${by.id}`, String(runs), keyId, reason],
};
