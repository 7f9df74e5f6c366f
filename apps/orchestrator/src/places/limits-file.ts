import { readFile } from 'node:fs/promises';
import { BatonError, explainIssues, LimitPolicy, toError } from '@baton/contracts';

const next = (path: string): string => `Correct ${path}: docs/operating.md#limits says what may stand there.`;

/**
 * The limits in a file of JSON.
 *
 * @throws BatonError `limits-unreadable`, which says what is wrong in it and where
 */
export async function readLimitsFile(path: string): Promise<LimitPolicy> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BatonError(`The file of limits ${path} cannot be read: ${toError(cause).message}`, {
      code: 'limits-unreadable',
      next: 'Name a file that is there, in BATON_LIMITS or behind `baton limits apply`.',
      cause,
    });
  });
  return parseLimits(text, path);
}

export function parseLimits(text: string, path: string): LimitPolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BatonError(`The file of limits ${path} is no JSON: ${toError(cause).message}`, {
      code: 'limits-unreadable',
      next: next(path),
      cause,
    });
  }
  const read = LimitPolicy.safeParse(value);
  if (read.success) return read.data;
  const problems = explainIssues(read.error, value, LimitPolicy).map(
    ({ path: within, detail }) => `${within.length === 0 ? 'all of it' : within.join('.')} ${detail}`,
  );
  throw new BatonError(`The file of limits ${path} does not fit: ${problems.join('; ')}.`, {
    code: 'limits-unreadable',
    next: next(path),
  });
}
