import { readEnvFile } from '../env-file.js';
import type { Environment } from '../environment.js';

/** What the command talks to. Without a token every answer is 401, which says what to do. */
export interface Connection {
  readonly url: string;
  readonly token: string | null;
}

export const DEFAULT_PORT = 4400;

const sameServer = (a: string, b: string | undefined): boolean =>
  b !== undefined && new URL(a).origin === new URL(b).origin;

/**
 * BATON_URL and BATON_TOKEN, else what `up` wrote. The local token is an administrator's: it goes only to the server it
 * was made for, never to another one that BATON_URL names.
 */
export async function findConnection(env: Environment): Promise<Connection> {
  const written = await readEnvFile(env.home);
  const writtenUrl = written.BATON_URL;
  const url = env.BATON_URL ?? writtenUrl ?? `http://127.0.0.1:${env.BATON_PORT || DEFAULT_PORT}`;
  const mayUseWritten = env.BATON_URL === undefined || sameServer(env.BATON_URL, writtenUrl);
  const token = env.BATON_TOKEN ?? (mayUseWritten ? written.BATON_TOKEN : undefined);
  return { url: url.replace(/\/+$/, ''), token: token ?? null };
}
