import {
  type AddressPolicy,
  foreignKindOf,
  type HostRule,
  parseHostRule,
  privateKindOf,
  resolveHost,
} from '@baton/outbound';
import { type EnvSource, FlagVariable, readEnv } from '@baton/service-kit';
import { WorkerEnv } from '@baton/worker';
import { z } from 'zod';
import { readSecrets, type Secrets } from './secrets.js';

export interface HttpSettings {
  readonly hosts: readonly HostRule[];
  /** Whether plain http, and addresses of one's own network, may be asked. */
  readonly allowPrivate: boolean;
  readonly addresses: AddressPolicy;
  readonly secrets: Secrets;
  /** For a whole request. */
  readonly timeoutMs: number;
  /** Of a body, in either direction. */
  readonly mostBytes: number;
}

/** As the service that the fields come from has it. */
const TIMEOUT_MS = 60_000;
const MOST_BYTES = 256 * 1024;

const Env = z.object({
  /** The hosts that may be asked, `host` or `host:port`, separated by commas. None are by default. */
  BATON_HTTP_HOSTS: z
    .string()
    .default('')
    .transform((text, context) =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
        .map((word) => {
          const rule = parseHostRule(word);
          if (rule === null) context.addIssue({ code: 'custom', message: `${word} is no host and no host:port` });
          return rule ?? { host: '', port: null };
        }),
    ),
  /** A file with the secrets that workflows may name: see `secrets.ts`. */
  BATON_HTTP_SECRETS: z.string().optional(),
  BATON_HTTP_ALLOW_PRIVATE: FlagVariable.default(false),
});

/** The database and the queues, as any worker has them. @throws BatonError `invalid-environment` */
export const readWorkerSettings = (source: EnvSource = process.env): WorkerEnv => readEnv(WorkerEnv, source);

/** @throws BatonError `invalid-environment` */
export function readSettings(source: EnvSource = process.env): HttpSettings {
  const { BATON_HTTP_HOSTS: hosts, BATON_HTTP_SECRETS, BATON_HTTP_ALLOW_PRIVATE: allowPrivate } = readEnv(Env, source);
  return {
    hosts,
    allowPrivate,
    addresses: { refusalOf: allowPrivate ? foreignKindOf : privateKindOf, resolve: resolveHost },
    secrets: readSecrets(
      BATON_HTTP_SECRETS === undefined || BATON_HTTP_SECRETS === '' ? null : BATON_HTTP_SECRETS,
      source,
    ),
    timeoutMs: TIMEOUT_MS,
    mostBytes: MOST_BYTES,
  };
}
