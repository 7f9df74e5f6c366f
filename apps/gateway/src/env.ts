import { resolve } from 'node:path';
import { BatonError, SLOTS } from '@baton/contracts';
import {
  CountVariable,
  type EnvSource,
  FlagVariable,
  FoldersVariable,
  PortVariable,
  PublicUrlVariable,
  readEnv,
  ShardVariables,
} from '@baton/service-kit';
import { z } from 'zod';
import { isOidcWhole, lacksIssuer, OidcVariables } from './auth/oidc-config.js';
import { KeepVariables } from './pruning/prune-env.js';

const RateVariable = z.coerce.number('expected a number').int().min(0).max(1_000_000);

/** Separated by commas. */
const NamesVariable = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

const Env = z.object({
  DATABASE_URL: z.string(),
  /** The Postgres itself, where DATABASE_URL leads to a pooler that hands out a connection for each transaction. */
  BATON_DATABASE_DIRECT_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  ...ShardVariables,
  BATON_HOST: z.string().default('127.0.0.1'),
  BATON_PORT: PortVariable.default(4400),
  /** What clients send as their bearer token. There is no default: an API without a key is not started. */
  BATON_TOKEN: z.string().min(16, 'expected at least 16 characters').regex(/^\S+$/, 'expected no spaces'),
  /** Requests a second of one address, and with one key; 0 for no limit. */
  BATON_RATE_PER_ADDRESS: RateVariable.default(500),
  BATON_RATE_PER_KEY: RateVariable.default(200),
  /** So many submissions may wait to be begun, however slowly that goes; 0 for as many as come. */
  BATON_MOST_WAITING: RateVariable.default(2_000),
  /** So many submissions may be unanswered; 0 for as many as come. */
  BATON_MOST_IN_HAND: RateVariable.default(500),
  /** Where people reach it. */
  BATON_PUBLIC_URL: PublicUrlVariable.optional(),
  /** Names under which a proxy or a tunnel leads here, beside those of the machine itself. */
  BATON_ALLOWED_HOSTS: NamesVariable,
  /** Proxies whose word counts for where a request comes from: addresses, or networks such as 10.0.0.0/8. */
  BATON_TRUSTED_PROXIES: NamesVariable,
  /** Whether webhooks may lead to private addresses, and over plain http. */
  BATON_WEBHOOK_ALLOW_PRIVATE: FlagVariable.default(false),
  BATON_WORKFLOWS_DIR: z.string().default(resolve(import.meta.dirname, '../../../workflows')),
  /** The folder with the built page, or off. */
  BATON_WEB: z.string().default(resolve(import.meta.dirname, '../../web/dist/page')),
  /** Holds the key of the log, and its checkpoints where nothing else is said. */
  BATON_HOME: z.string().default('.baton'),
  /** Where checkpoints are published: a folder, http(s)://, s3://bucket/prefix, or off. */
  BATON_CHECKPOINTS: z.string().optional(),
  /** An event is signed after so many seconds, or as soon as so many wait. */
  BATON_CHECKPOINT_SECONDS: CountVariable.default(10),
  BATON_CHECKPOINT_EVENTS: CountVariable.default(10_000),
  /** For a server that takes checkpoints by PUT. */
  BATON_CHECKPOINT_TOKEN: z.string().optional(),
  BATON_CHECKPOINT_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  BATON_CHECKPOINT_S3_REGION: z.string().default('us-east-1'),
  BATON_CHECKPOINT_S3_KEY_ID: z.string().optional(),
  BATON_CHECKPOINT_S3_SECRET: z.string().optional(),
  /** The folder of archived runs, which all gateways of a log share; in BATON_HOME by default. */
  BATON_ARCHIVE: z.string().optional(),
  /** Folders of templates that documents are held to, beside what ships; workers may have others. */
  BATON_PROMPTS_DIR: FoldersVariable,
  /** For how long what is not the log is kept. */
  ...KeepVariables.shape,
  /** Where users come from, beside keys. */
  ...OidcVariables.shape,
});
/** The templates that ship. */
export const SHIPPED_PROMPTS = resolve(import.meta.dirname, '../../../prompts');

export type Env = z.infer<typeof Env> & {
  /** Of hooks, by the names that those have for them. */
  readonly hookSecrets?: ReadonlyMap<string, string>;
};

/** `BATON_HOOK_<name>_SECRET` */
function hookSecretsIn(source: EnvSource): ReadonlyMap<string, string> {
  const found = Object.entries(source).flatMap(([variable, value]): [string, string][] => {
    const name = /^BATON_HOOK_([A-Z][A-Z0-9_]*)_SECRET$/.exec(variable)?.[1];
    return name === undefined || value === undefined || value === '' ? [] : [[name, value]];
  });
  return new Map(found);
}

export function readGatewayEnv(): Env {
  const env = { ...readEnv(Env, process.env), hookSecrets: hookSecretsIn(process.env) };
  if (lacksIssuer(env)) {
    throw new BatonError('BATON_OIDC_CLIENT_ID is set, and BATON_OIDC_ISSUER is not.', {
      code: 'invalid-environment',
      next: 'Set BATON_OIDC_ISSUER, BATON_OIDC_AUDIENCE and BATON_OIDC_ROLES as well, or none of them.',
    });
  }
  if (isOidcWhole(env)) return env;
  throw new BatonError('BATON_OIDC_ISSUER is set, and BATON_OIDC_AUDIENCE or BATON_OIDC_ROLES is not.', {
    code: 'invalid-environment',
    next: 'Set all three: for whom tokens are made out, and which group has which roles, as in BATON_OIDC_ROLES="platform=admin; data=submitter+viewer".',
  });
}

/** Of the router in front of several logs. */
const RouterEnv = z.object({
  /** The gateways, one of each shard and in their order, separated by commas. */
  BATON_SHARD_URLS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim()))
    .pipe(z.array(PublicUrlVariable).min(2, 'expected the addresses of two gateways at least').max(SLOTS)),
  BATON_HOST: z.string().default('127.0.0.1'),
  BATON_PORT: PortVariable.default(4400),
});

export type RouterEnv = z.infer<typeof RouterEnv>;

export const readRouterEnv = (): RouterEnv => readEnv(RouterEnv, process.env);
