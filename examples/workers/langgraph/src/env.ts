import { BatonError, explainIssues } from '@baton/contracts';
import { z } from 'zod';

type Source = Readonly<Record<string, string | undefined>>;

const Variables = z.object({
  /** Where the changes of a version are read, and where its notes go: the operator names them, and no run can. */
  RELEASE_NOTES_CHANGES_URL: z.url(),
  RELEASE_NOTES_PUBLISH_URL: z.url(),
  RELEASE_NOTES_MODEL: z.string().min(1).default('claude-sonnet-5-5'),
  ANTHROPIC_API_KEY: z.string().min(1),
  /** Another address of the Messages API. */
  ANTHROPIC_BASE_URL: z.url().optional(),
});
export type Settings = z.output<typeof Variables>;

/** @throws BatonError `invalid-environment` */
export function readSettings(source: Source = process.env): Settings {
  const read = Variables.safeParse(source);
  if (read.success) return read.data;
  const problems = explainIssues(read.error, source, Variables).map(
    ({ path, detail }) => `${path.join('.')} ${detail}`,
  );
  throw new BatonError(`${problems.join('; ')}.`, {
    code: 'invalid-environment',
    next: 'README.md of the example says what each variable is for.',
  });
}
