import { explainIssues } from '@baton/contracts';
import { z } from 'zod';

/** More problems than these would only bury the first ones. */
const MAX_PROBLEMS = 20;

/** `files[2].path: is absolute`, one line an issue. */
export function describeIssues(error: z.ZodError): readonly string[] {
  return cap(
    explainIssues(error).map(({ path, detail }) => {
      const place = z.core.toDotPath(path);
      return place === '' ? detail : `${place}: ${detail}`;
    }),
  );
}

/** The first problems, and how many more there are. */
export const cap = (problems: readonly string[]): readonly string[] =>
  problems.length <= MAX_PROBLEMS
    ? problems
    : [...problems.slice(0, MAX_PROBLEMS), `and ${problems.length - MAX_PROBLEMS} more`];
