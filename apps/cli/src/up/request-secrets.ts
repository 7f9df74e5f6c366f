import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Named = z.record(z.string(), z.looseObject({ env: z.string().optional() }));

/**
 * The variables that the file of BATON_HTTP_SECRETS names; none where it cannot be read: what is wrong with it is said by the worker, which
 * reads it at its start.
 */
export async function variablesOfSecrets({
  BATON_HTTP_SECRETS: path,
}: Readonly<Record<string, string>>): Promise<readonly string[]> {
  if (path === undefined || path === '') return [];
  try {
    const secrets = Named.parse(JSON.parse(await readFile(path, 'utf8')));
    return Object.values(secrets).flatMap(({ env }) => env ?? []);
  } catch {
    return [];
  }
}
