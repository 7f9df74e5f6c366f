import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../exit-codes.js';

const Named = z.record(z.string(), z.looseObject({ env: z.string().optional() }));

/** The variables that hold secrets of requests over HTTP, asked for at each start of a service. */
export type SecretVariables = () => Promise<readonly string[]>;

/**
 * Those that the file of BATON_HTTP_SECRETS names.
 *
 * @throws UsageError where it is set and cannot be read, without what is in it: which variables are secrets nobody knows then, and every
 *   service would be given them
 */
export async function secretVariables(all: Readonly<Record<string, string>>): Promise<SecretVariables> {
  const known = new Set(await namedBy(all));
  return async () => {
    // Whoever edits the file stops no stack with it: what it has named stays secret, and what is wrong the worker says at its start.
    for (const variable of await namedBy(all).catch(() => [])) known.add(variable);
    return [...known];
  };
}

async function namedBy({ BATON_HTTP_SECRETS: path }: Readonly<Record<string, string>>): Promise<readonly string[]> {
  if (path === undefined || path === '') return [];
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable('cannot be read', cause);
  });
  return Object.values(namedIn(text)).flatMap(({ env }) => env ?? []);
}

function namedIn(text: string): z.infer<typeof Named> {
  try {
    return Named.parse(JSON.parse(text));
  } catch {
    // What a parser says of it may repeat it.
    throw unreadable('is no JSON object of secrets');
  }
}

const unreadable = (what: string, cause?: unknown): UsageError =>
  new UsageError(
    `The file that BATON_HTTP_SECRETS names ${what}.`,
    'Correct it: {"NAME": {"env": "VARIABLE", "hosts": ["api.example.com"]}}; or unset BATON_HTTP_SECRETS.',
    cause,
  );
