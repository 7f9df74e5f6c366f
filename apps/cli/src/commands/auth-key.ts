import { ApiKeyCreated, ApiKeyList, type ApiKeyView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts } from '../table.js';

const PATH = '/v1/auth/keys';

export interface CreateKeyOptions {
  readonly name: string;
  readonly role: readonly string[];
}

export async function createKey(context: Context, { name, role }: CreateKeyOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  // Roles may come one by one or separated by commas; the gateway says which there are.
  const roles = role.flatMap((words) => words.split(',')).map((word) => word.trim());
  const created = await gateway.post({
    path: PATH,
    schema: ApiKeyCreated,
    body: { name, roles },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, created, (key) =>
    formatFacts([
      ['name', key.name],
      ['roles', key.roles.join(', ')],
      ['key', key.key],
    ]),
  );
  if (context.format === 'table') {
    writeLine(context.io.err, 'Keep the key: it is not shown again. It is used as BATON_TOKEN, or as a bearer token.');
  }
  return ExitCode.ok;
}

const columns: Columns<ApiKeyView> = {
  headings: ['NAME', 'ROLES', 'SINCE', 'MADE BY', 'REVOKED'],
  row: ({ name, roles, createdAt, createdBy, revokedAt }) => [
    name,
    roles.join(','),
    timeOf(createdAt),
    createdBy.id,
    revokedAt === null ? '' : timeOf(revokedAt),
  ],
};

export async function listKeys(context: Context): Promise<ExitCode> {
  const { keys } = await (await gatewayOf(context)).get({
    path: PATH,
    schema: ApiKeyList,
    signal: context.interrupted,
  });
  writeList(context.io, context.format, keys, columns, 'There is no key but that of `baton up`.');
  return ExitCode.ok;
}

export async function revokeKey(context: Context, name: string): Promise<ExitCode> {
  const path = `${PATH}/${encodeURIComponent(name)}`;
  await (await gatewayOf(context)).remove({ path, signal: context.interrupted });
  writeLine(context.io.err, `Revoked. What was done with the key of ${name} stays as it was.`);
  return ExitCode.ok;
}
