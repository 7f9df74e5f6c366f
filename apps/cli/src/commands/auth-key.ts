import { GatewayRefused } from '@baton/client';
import { type ApiKeyCreated, type ApiKeyView, CreateApiKey, didYouMean, Role } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts, printable } from '../table.js';
import { lifetimeOf, scopeOf, scopeText, secondsOf } from './key-options.js';
import { oneOf } from './run-options.js';

export interface CreateKeyOptions {
  readonly name: string;
  readonly role: readonly string[];
  readonly scope?: readonly string[];
  readonly expires?: string;
  readonly for?: string;
}

export interface RotateKeyOptions {
  readonly overlap: string;
  readonly expires?: string;
}

function requireKeyName(name: string): void {
  if (CreateApiKey.shape.name.safeParse(name).success) return;
  throw new UsageError(
    `--name ${printable(name)} cannot be the name of a key.`,
    'Give a word of lower case letters and digits, such as ada or ci-2; dots, dashes and underscores may stand within.',
  );
}

export async function createKey(context: Context, options: CreateKeyOptions): Promise<ExitCode> {
  const { name, role } = options;
  requireKeyName(name);
  // Roles may come one by one or separated by commas.
  const roles = role
    .flatMap((words) => words.split(','))
    .map((word) => oneOf('role', word.trim(), Role.options, 'roles'));
  const gateway = await gatewayOf(context);
  const created = await gateway.post('/v1/auth/keys', {
    body: {
      name,
      roles,
      ...scopeOf(options.scope ?? []),
      ...(options.for === undefined ? {} : { for: options.for }),
      ...lifetimeOf(options.expires),
    },
    signal: context.interrupted,
  });
  showKey(context, created);
  return ExitCode.ok;
}

/** Another key of the name. */
export async function rotateKey(context: Context, name: string, options: RotateKeyOptions): Promise<ExitCode> {
  requireKeyName(name);
  const gateway = await gatewayOf(context);
  const rotated = await gateway
    .post('/v1/auth/keys/{name}/rotate', {
      params: { path: { name } },
      body: { overlapSeconds: secondsOf('overlap', options.overlap), ...lifetimeOf(options.expires) },
      signal: context.interrupted,
    })
    .catch((thrown: unknown) => withName(gateway, name, thrown, context.interrupted));
  showKey(context, rotated);
  if (context.format === 'table')
    writeLine(context.io.err, `The key of before goes on until ${timeOf(rotated.previousUntil)}.`);
  return ExitCode.ok;
}

function showKey(context: Context, created: ApiKeyCreated): void {
  writeOne(context.io, context.format, created, (key) =>
    formatFacts([
      ['name', key.name],
      ['roles', key.roles.join(', ')],
      ...(key.scope === null ? [] : [['scope', scopeText(key.scope)] as const]),
      ...(key.person === null ? [] : [['whose', key.person] as const]),
      ...(key.expiresAt === null ? [] : [['expires', timeOf(key.expiresAt)] as const]),
      ['key', key.key],
    ]),
  );
  if (context.format === 'table') {
    writeLine(context.io.err, 'Keep the key: it is not shown again. It is used as BATON_TOKEN, or as a bearer token.');
  }
}

/** Who the caller is taken for. */
export async function whoAmI(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const me = await gateway.get('/v1/auth/me', { signal: context.interrupted });
  writeOne(context.io, context.format, me, ({ actor, roles, scope, grants, expiresAt }) =>
    formatFacts([
      ['who', `${actor.type}:${actor.id}`],
      ...(actor.person === undefined ? [] : [['whose', actor.person] as const]),
      ...(grants.length < 2
        ? ([
            ['roles', roles.join(', ')],
            ['scope', scope === null ? 'all runs' : scopeText(scope)],
          ] as const)
        : grants.map(
            (grant) =>
              [grant.scope === null ? 'on all runs' : `on ${scopeText(grant.scope)}`, grant.roles.join(', ')] as const,
          )),
      ['until', expiresAt === null ? 'it is taken away' : timeOf(expiresAt)],
    ]),
  );
  return ExitCode.ok;
}

const timeOrNothing = (instant: string | null): string => (instant === null ? '' : timeOf(instant));

const columns: Columns<ApiKeyView> = {
  headings: ['NAME', 'STATUS', 'ROLES', 'SCOPE', 'WHOSE', 'SINCE', 'MADE BY', 'LAST USED', 'ENDS'],
  row: ({ name, status, roles, scope, person, createdAt, createdBy, lastUsedAt, expiresAt, revokedAt }) => [
    name,
    status,
    roles.join(','),
    scope === null ? '' : scopeText(scope),
    person ?? '',
    timeOf(createdAt),
    createdBy.id,
    lastUsedAt === null ? '' : timeOf(lastUsedAt),
    timeOrNothing(revokedAt ?? expiresAt),
  ],
};

export async function listKeys(context: Context): Promise<ExitCode> {
  const { keys } = await (await gatewayOf(context)).get('/v1/auth/keys', { signal: context.interrupted });
  writeList(context.io, context.format, keys, columns, 'There is no key but that of `baton up`.');
  return ExitCode.ok;
}

export async function revokeKey(context: Context, name: string): Promise<ExitCode> {
  const params = { path: { name } };
  const gateway = await gatewayOf(context);
  await gateway
    .delete('/v1/auth/keys/{name}', { params, signal: context.interrupted })
    .catch((thrown: unknown) => withName(gateway, name, thrown, context.interrupted));
  writeLine(context.io.err, `Revoked. What was done with the key of ${name} stays as it was.`);
  return ExitCode.ok;
}

async function withName(gateway: Gateway, name: string, thrown: unknown, signal: AbortSignal): Promise<never> {
  if (!(thrown instanceof GatewayRefused) || thrown.code !== 'key-not-found') throw thrown;
  throw await withNearest(gateway, name, thrown, signal);
}

/** The refusal with the name that was probably meant. */
async function withNearest(
  gateway: Gateway,
  name: string,
  refused: GatewayRefused,
  signal: AbortSignal,
): Promise<NotFound> {
  const { keys } = await gateway.get('/v1/auth/keys', { signal });
  const known = keys.filter(({ status }) => status === 'active').map((key) => key.name);
  return new NotFound(
    `${refused.message}${didYouMean(name, known)}`,
    refused.next ?? 'List them with `baton auth key list`.',
  );
}
