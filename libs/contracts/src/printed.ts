import { z } from 'zod';

/** The end of what a command wrote to one stream, as a blob. */
const PrintedStream = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
});

/**
 * What a command of a validation printed, for `GET /v1/runs/{id}/printed`; null where it wrote nothing there. `isCut`: it wrote
 * more, and only the end was kept.
 */
export const PrintedOutput = z.object({
  stdout: PrintedStream.nullable(),
  stderr: PrintedStream.nullable(),
  isCut: z.boolean(),
});
export type PrintedOutput = z.infer<typeof PrintedOutput>;
