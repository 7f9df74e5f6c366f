import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { BatonError } from '@baton/contracts';
import type { EnvSource } from '@baton/service-kit';

/** What the operator keeps for deployments: variables by name. It is in no run, and no agent sees it. */
export type Credentials = ReadonlyMap<string, string>;

const NAMES = /^[A-Za-z_]\w*(?:,[A-Za-z_]\w*)*$/;

/**
 * Reads BATON_DEPLOY_ENV: names of variables of the deployer's own environment, with commas between them, or the path of a file of
 * `NAME=value` lines.
 *
 * @throws BatonError `invalid-environment`, which never shows a value
 */
export async function readCredentials(setting: string | undefined, source: EnvSource): Promise<Credentials> {
  if (setting === undefined) return new Map();
  if (!NAMES.test(setting)) return new Map(Object.entries(await readEnvFile(setting)).flatMap(stated));
  const names = setting.split(',');
  const missing = names.filter((name) => (source[name] ?? '') === '');
  if (missing.length > 0)
    throw invalid(`names ${missing.join(' and ')}, which the environment of the deployer does not have`);
  return new Map(names.map((name) => [name, source[name] ?? '']));
}

async function readEnvFile(path: string): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    return parseEnv(await readFile(path, 'utf8'));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'it is no text';
    throw invalid(`is the path of a file that cannot be read (${code})`);
  }
}

const stated = ([name, value]: readonly [string, string | undefined]): (readonly [string, string])[] =>
  value === undefined ? [] : [[name, value]];

const invalid = (reason: string): BatonError =>
  new BatonError(`BATON_DEPLOY_ENV ${reason}.`, {
    code: 'invalid-environment',
    next: 'Give the names of variables that are set, with commas between them, or the path of a file of NAME=value lines.',
  });

/** A shorter value stands in too many words to be told from them. */
const SHORTEST = 4;

/** Takes values out of what a command printed, also as base64, in a URL or in the name of a host, and says whose they were. */
export function masking(given: Credentials): (text: string) => string {
  const hidden = [...given]
    .filter(([, value]) => value.length >= SHORTEST)
    .flatMap(([name, value]) =>
      [value, Buffer.from(value).toString('base64'), encodeURIComponent(value), ...value.split('\n')]
        .flatMap((form) => [form, form.toLowerCase()])
        .map((form) => [form.replace(/=+$/, ''), `[${name}]`] as const),
    )
    .filter(([form]) => form.length >= SHORTEST)
    .toSorted(([a], [b]) => b.length - a.length);
  return (text) => hidden.reduce((masked, [form, name]) => masked.replaceAll(form, name), text);
}

/** The lines of a shell that set these variables: in a file, since what stands in a command line the whole machine can read. */
export const shellLines = (given: Credentials): string =>
  [...given].map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`).join('');
