import { explainIssues } from '@baton/contracts';
import type { z } from 'zod';
import { UsageError } from '../exit-codes.js';

/** What a member of a body is on the command line, and the unit in which the body counts it. */
export type OptionNames = Readonly<Record<string, readonly [option: string, unit?: string]>>;

/**
 * What a body does not take, said of the option that was typed: whoever stands at a terminal has never seen the body. The names
 * are those of members, `remind.everyMinutes`, and a list counts with all that is in it.
 */
export function refusedOptions(
  what: string,
  { error, given, schema }: { readonly error: z.ZodError; readonly given: object; readonly schema: z.ZodType },
  names: OptionNames,
): UsageError {
  const [wrong] = explainIssues(error, given, schema);
  const path = wrong?.path.filter((part) => typeof part === 'string').join('.') ?? '';
  const [option = path === '' ? 'it' : path, unit = ''] = names[path] ?? [];
  const detail = (wrong?.detail ?? 'has another form').replace(/^expected/, 'must be');
  const told = unit === '' ? detail : detail.replace(/\d+$/, (count) => `${count} ${unit}`);
  return new UsageError(`${what} cannot be made: ${option} ${told}.`, 'Correct it, and try again.');
}
