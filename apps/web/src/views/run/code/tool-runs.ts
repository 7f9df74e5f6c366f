import { PrintedOutput } from '@baton/contracts';
import { z } from 'zod';

/*
 * What the tools of a validation came to, as a worker handed it in. Workers of anybody write this, so what does not have the
 * form is left out, and no error.
 */

const ToolFinding = z.object({
  file: z.string().nullish().catch(null),
  line: z.int().positive().nullish().catch(null),
  message: z.string(),
});
const Tool = z.object({
  tool: z.string(),
  status: z.string(),
  reason: z.string().nullish().catch(null),
  exitCode: z.int().nullish().catch(null),
  durationMs: z.number().nonnegative().catch(0),
  findings: z.array(z.unknown()).catch([]),
  execution: z
    .object({ outputBytes: z.int().nonnegative(), printed: PrintedOutput.optional().catch(undefined) })
    .nullish()
    .catch(null),
});
const Report = z.object({ tools: z.array(z.unknown()) });

export interface Finding {
  /** By which an answer names it: the id of an issue, or the name of a tool. */
  readonly id: string;
  readonly severity: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
  readonly answers: readonly string[];
}

export interface ToolRun {
  readonly tool: string;
  readonly status: string;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly findings: readonly Finding[];
  /** Null where no program ran, or nobody said how much it printed. */
  readonly outputBytes: number | null;
  /** Null where it was not kept. */
  readonly printed: PrintedOutput | null;
  /** The event that tells of it. */
  readonly event: number;
}

/** Null where it is no report of tools. */
export function toolRunsIn(output: unknown, event: number): readonly ToolRun[] | null {
  const report = Report.safeParse(output);
  return report.success ? report.data.tools.flatMap((tool) => toolRunOf(tool, event)) : null;
}

function toolRunOf(tool: unknown, event: number): readonly ToolRun[] {
  const parsed = Tool.safeParse(tool);
  if (!parsed.success) return [];
  const { tool: name, status, reason, exitCode, durationMs, findings, execution } = parsed.data;
  return [
    {
      ...{ tool: name, status, reason: reason ?? null, exitCode: exitCode ?? null, durationMs, event },
      ...{ outputBytes: execution?.outputBytes ?? null, printed: execution?.printed ?? null },
      findings: findings.flatMap((each) => {
        const found = ToolFinding.safeParse(each);
        if (!found.success) return [];
        const { file, line, message } = found.data;
        return [{ id: name, severity: 'tool', file: file ?? null, line: line ?? null, text: message, answers: [] }];
      }),
    },
  ];
}
