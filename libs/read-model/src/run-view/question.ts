import type { Json } from '@baton/contracts';
import { canonicalSha256, type RunEventOf } from '@baton/workflow';
import { z } from 'zod';

/** SHA-256 (hex) of what is to be approved. */
export const boundTo = ({ sha256, arguments: question }: RunEventOf<'TaskScheduled'>['data']): string =>
  sha256 ?? canonicalSha256(question);

/** The title of what is to be approved, where it has one. */
export function titleOf(question: Json): string | null {
  const parsed = z.object({ title: z.string().min(1) }).safeParse(question);
  return parsed.success ? parsed.data.title : null;
}
