import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.js';

/** What a program needs to join the stack; `source .baton/env` gives it to a shell. */
export interface JoinEnvironment {
  readonly DATABASE_URL: string;
  readonly REDIS_URL?: string;
  readonly BATON_URL?: string;
  readonly BATON_TOKEN: string;
}

const HEADER = '# Written by `baton up`. It holds secrets: keep it to yourself.';

/** A single-quoted word of the shell: only the quote itself has to be written otherwise. */
const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
const unquote = (word: string): string => word.slice(1, -1).replaceAll(`'\\''`, "'");

export function formatEnvFile(values: JoinEnvironment): string {
  const lines = Object.entries(values).map(([name, value]) => `export ${name}=${quote(String(value))}`);
  return `${[HEADER, ...lines].join('\n')}\n`;
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

export const writeEnvFile = (home: string, values: JoinEnvironment): Promise<void> =>
  writePrivateFile(envFileOf(home), formatEnvFile(values));

/** Empty where there is no such file: nothing has been started with this home yet. */
export async function readEnvFile(home: string): Promise<Readonly<Record<string, string>>> {
  return parseEnvFile(await readFile(envFileOf(home), 'utf8').catch(() => ''));
}
