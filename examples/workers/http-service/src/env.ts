import { BatonError, explainIssues } from '@baton/contracts';
import { z } from 'zod';

type Source = Readonly<Record<string, string | undefined>>;

const Variables = z.object({
  /** The operator names it, and no run can. */
  HTTP_SERVICE_URL: z.url({ protocol: /^https?$/ }),
  /** A workflow asks for it as `baton:worker:<kind>`. */
  HTTP_SERVICE_KIND: z.string().min(1),
  /** The name of a header and what it holds, as `authorization: Bearer …`. */
  HTTP_SERVICE_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+: .+$/)
    .optional(),
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
