import { z } from 'zod';
import { Answer } from './task.ts';

/** What an agent used, as the provider of its model counts. Without a price the cost is unknown, which is not nothing. */
const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative().nullable().default(null),
  cacheReadTokens: z.int().nonnegative().exactOptional(),
  cacheWriteTokens: z.int().nonnegative().exactOptional(),
});

/** What an agent may say of its work, in the file `{report}` or in the last line that it prints. All of it may be left out. */
export const Report = z.object({
  notes: z.string().max(20_000).exactOptional(),
  model: z.string().min(1).max(200).exactOptional(),
  usage: Usage.nullable().exactOptional(),
  answers: z.array(Answer).max(1000).default([]),
});
export type Report = z.infer<typeof Report>;

/** What was said, and what could not be read of it. */
export interface ReadReport {
  readonly report: Report;
  readonly problem: string | null;
}

export const MAX_REPORT_BYTES = 1024 * 1024;

const NOTHING: Report = { answers: [] };

/** @param file what the report file holds, or null where there is none */
export function readReport(file: string | null, printed: string): ReadReport {
  if (file !== null) return parsed(file, 'The report file');
  const last = printed.trimEnd().split('\n').at(-1) ?? '';
  const isMeant = last.startsWith('{') && last.endsWith('}');
  return isMeant ? parsed(last, 'The last line') : { report: NOTHING, problem: null };
}

function parsed(text: string, what: string): ReadReport {
  try {
    const read = Report.safeParse(JSON.parse(text));
    if (read.success) return { report: read.data, problem: null };
    const [issue] = read.error.issues;
    const place = issue === undefined ? '' : z.core.toDotPath(issue.path);
    return { report: NOTHING, problem: `${what} was not read: ${place}: ${issue?.message ?? 'it does not fit'}.` };
  } catch {
    return { report: NOTHING, problem: `${what} was not read: it is no JSON.` };
  }
}
