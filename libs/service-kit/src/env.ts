import { delimiter, resolve } from 'node:path';
import { BatonError, type CutSecrets, cutSecretsOf, explainIssues, Shard } from '@baton/contracts';
import { z } from 'zod';

/** Variables as a process has them. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

/** A TCP port in a variable. */
export const PortVariable = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port number from 1 to 65535')
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_535, 'expected a port number from 1 to 65535');

/** A whole number of at least 1 in a variable. */
export const CountVariable = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'expected a whole number of at least 1')
  .transform(Number);

/** Folders in a variable, separated as in PATH. */
export const FoldersVariable = z
  .string()
  .transform((text) =>
    text
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => resolve(folder)),
  )
  .default([]);

/** Yes or no in a variable. */
export const FlagVariable = z.enum(['true', 'false'], 'expected true or false').transform((word) => word === 'true');

/** Which of all logs the database is, where it is one of several. */
export const ShardVariables = {
  BATON_LOG_SHARDS: CountVariable.optional(),
  /** From 0. */
  BATON_LOG_SHARD: z
    .string()
    .regex(/^\d{1,4}$/, 'expected the number of a shard, from 0')
    .transform(Number)
    .optional(),
};

/** @returns null where nothing is said: then what stands in the database counts. @throws BatonError `invalid-environment` */
export function shardOfEnv(env: {
  readonly BATON_LOG_SHARDS?: number | undefined;
  readonly BATON_LOG_SHARD?: number | undefined;
}): Shard | null {
  const { BATON_LOG_SHARDS: of, BATON_LOG_SHARD: number } = env;
  if (of === undefined && number === undefined) return null;
  const shard = Shard.safeParse({ of, number: number ?? (of === 1 ? 0 : undefined) });
  if (shard.success) return shard.data;
  throw new BatonError('BATON_LOG_SHARDS and BATON_LOG_SHARD do not say which log of how many this is.', {
    code: 'invalid-environment',
    next: 'Set both, such as 2 and 0: how many there are, 4096 at most, and the number of this one, from 0.',
  });
}

const isPublicUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
};
/** The address of a server as others reach it, without slashes at its end. */
export const PublicUrlVariable = z
  .string()
  .refine(isPublicUrl, 'expected an address such as https://baton.example, without user, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));

export const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
export type LogLevel = z.infer<typeof LogLevel>;

/**
 * Reads what a process needs from its environment, once, at boot. An empty variable counts as not set.
 * Throws `invalid-environment`, which names every wrong variable and what was expected, and never shows a value: it may be a secret.
 */
export function readEnv<Schema extends z.ZodObject>(schema: Schema, source: EnvSource): z.output<Schema> {
  const known = Object.keys(schema.shape).filter((name) => source[name] !== undefined && source[name] !== '');
  const result = schema.safeParse(Object.fromEntries(known.map((name) => [name, source[name]])));
  if (result.success) return result.data;
  const problems = new Map<string, string>();
  for (const { path, detail } of explainIssues(result.error, source, schema)) {
    const name = path.length === 0 ? 'The environment' : String(path[0]);
    if (!problems.has(name)) problems.set(name, known.includes(name) ? `is not valid: ${detail}` : 'is not set');
  }
  const names = [...problems.keys()];
  throw new BatonError(`${[...problems].map(([name, problem]) => `${name} ${problem}`).join('; ')}.`, {
    code: 'invalid-environment',
    next: `Set ${names.join(' and ')} and start again.`,
  });
}

/** Cuts what this process must keep to itself out of a text: all secrets of its environment. */
export const readSecrets = (source: EnvSource = process.env): CutSecrets => cutSecretsOf(source);

/** What every service takes from its environment. */
const ServiceEnv = z.object({
  BATON_LOG: LogLevel.default('info'),
  BATON_HEALTH_PORT: PortVariable.optional(),
  BATON_HEALTH_HOST: z.string().default('127.0.0.1'),
  /** The supervisor's pid: the service ends when that process does. */
  BATON_PARENT_PID: CountVariable.optional(),
});
export type ServiceEnv = z.infer<typeof ServiceEnv>;

/** OpenTelemetry reads its variables by itself; these say whether it is loaded at all. */
export const readTelemetryEnv = (source: EnvSource = process.env): EnvSource => source;

export const readServiceEnv = (source: EnvSource = process.env): ServiceEnv => readEnv(ServiceEnv, source);
