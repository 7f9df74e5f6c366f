import { BatonError, type CutSecrets, cutSecretsOf } from '@baton/contracts';

type Source = Readonly<Record<string, string | undefined>>;

export interface ThreadsEnv {
  readonly databaseUrl: string;
  /** Whether the address leads to a pooler. */
  readonly isPooled: boolean;
  /** Takes out of a text what this process knows of secrets. */
  readonly cut: CutSecrets;
}

/** @throws BatonError `invalid-environment` */
export function readThreadsEnv(source: Source = process.env): ThreadsEnv {
  const { DATABASE_URL: databaseUrl = '', BATON_DATABASE_DIRECT_URL: direct = '' } = source;
  if (databaseUrl !== '')
    return { databaseUrl, isPooled: direct !== '', cut: cutSecretsOf({ ...process.env, ...source }) };
  throw new BatonError('DATABASE_URL is not set.', {
    code: 'invalid-environment',
    next: 'Run `source .baton/env` in the folder where Baton was started, and start again.',
  });
}
