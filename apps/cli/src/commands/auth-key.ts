import { ApiKeyCreated, ApiKeyList, type ApiKeyView, CreateApiKey, didYouMean, Role } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, GatewayRefused, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts, printable } from '../table.js';
import { oneOf } from './run-options.js';

const PATH = '/v1/auth/keys';

export interface CreateKeyOptions {
  readonly name: string;
  readonly role: readonly string[];
}

function requireKeyName(name: string): void {
  if (CreateApiKey.shape.name.safeParse(name).success) return;
  throw new UsageError(
    `--name ${printable(name)} cannot be the name of a key.`,
    'Give a word of lower case letters and digits, such as ada or ci-2; dots, dashes and underscores may stand within.',
  );
}

export async function createKey(context: Context, { name, role }: CreateKeyOptions): Promise<ExitCode> {
  requireKeyName(name);
  // Roles may come one by one or separated by commas.
  const roles = role
    .flatMap((words) => words.split(','))
    .map((word) => oneOf('role', word.trim(), Role.options, 'roles'));
  const gateway = await gatewayOf(context);
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
  const gateway = await gatewayOf(context);
  await gateway.remove({ path, signal: context.interrupted }).catch(async (thrown: unknown) => {
    if (!(thrown instanceof GatewayRefused) || thrown.code !== 'key-not-found') throw thrown;
    throw await withNearest(gateway, name, thrown, context.interrupted);
  });
  writeLine(context.io.err, `Revoked. What was done with the key of ${name} stays as it was.`);
  return ExitCode.ok;
}

/** The refusal with the name that was probably meant. */
async function withNearest(
  gateway: Gateway,
  name: string,
  refused: GatewayRefused,
  signal: AbortSignal,
): Promise<NotFound> {
  const { keys } = await gateway.get({ path: PATH, schema: ApiKeyList, signal });
  const known = keys.filter(({ revokedAt }) => revokedAt === null).map((key) => key.name);
  return new NotFound(
    `${refused.message}${didYouMean(name, known)}`,
    refused.next ?? 'List them with `baton auth key list`.',
  );
}
