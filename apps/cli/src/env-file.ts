import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './environment.js';
import { readPasswords } from './passwords.js';
import { writePrivateFile } from './private-file.js';
import { quoteForShell } from './shell-word.js';

/** What a program needs to join the stack; `source .baton/env` gives it to a shell. */
export interface JoinEnvironment {
  /** Of the login of users' workers and producers. */
  readonly DATABASE_URL: string;
  readonly BATON_DATABASE_DIRECT_URL?: string;
  readonly REDIS_URL?: string;
  readonly BATON_URL?: string;
  readonly BATON_TOKEN?: string;
}

const HEADER = '# Written by `baton up`. It holds secrets: keep it to yourself.';
const EMBEDDED = '# The database is the embedded one: it runs as long as the stack does.';

const unquote = (word: string): string => word.slice(1, -1).replaceAll(`'\\''`, "'");

/** Puts the folder with the command `baton` in front of the PATH, once, however often the file is sourced. */
const onPath = (folder: string): string =>
  `case ":$PATH:" in *:${quoteForShell(folder)}:*) ;; *) export PATH=${quoteForShell(folder)}:"$PATH" ;; esac`;

/** @param bin the folder that holds the command `baton`, where it is to be put on the PATH */
export function formatEnvFile(values: JoinEnvironment, isEmbedded: boolean, bin?: string): string {
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${quoteForShell(String(value))}`);
  return `${[HEADER, ...(isEmbedded ? [EMBEDDED] : []), ...lines, ...(bin === undefined ? [] : [onPath(bin)])].join('\n')}\n`;
}

/** Reads what `formatEnvFile` wrote; lines of another form are passed over. */
export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^export ([A-Z_]+)=('(?:[^']|'\\'')*')$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) values[match[1]] = unquote(match[2]);
  }
  return values;
}

export const envFileOf = (home: string): string => join(home, 'env');

export const writeEnvFile = (home: string, values: JoinEnvironment, isEmbedded: boolean): Promise<void> =>
  writePrivateFile(envFileOf(home), formatEnvFile(values, isEmbedded, join(home, 'bin')));

/** Empty where there is no such file: nothing has been started with this home yet. */
const readText = (home: string): Promise<string> => readFile(envFileOf(home), 'utf8').catch(() => '');

export const readEnvFile = async (home: string): Promise<Readonly<Record<string, string>>> =>
  parseEnvFile(await readText(home));

/** Every embedded database has a password of its own; its port may change from one start to the next. */
const passwordOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? new URL(url).password : '';

/**
 * The environment without a DATABASE_URL that only leads to the embedded database of this very home: a shell that has
 * sourced the env file, or that of a service, is to start the stack again as any other shell.
 */
export async function withoutOwnDatabase(env: Environment): Promise<Environment> {
  const { DATABASE_URL, ...rest } = env;
  if (DATABASE_URL === undefined) return env;
  const text = await readText(env.home);
  if (!text.includes(EMBEDDED)) return env;
  const given = passwordOf(DATABASE_URL);
  const ours = [passwordOf(parseEnvFile(text).DATABASE_URL), ...Object.values(await readPasswords(env.home))];
  if (given === '' || !ours.includes(given)) return env;
  const { DATABASE_URL: _, ...all } = env.all;
  return { ...rest, all };
}
