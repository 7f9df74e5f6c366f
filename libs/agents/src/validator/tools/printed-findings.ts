import type { Execution } from '@baton/sandbox';
import { z } from 'zod';
import { ToolFinding } from '../../task/outputs.js';

const UNREADABLE: ToolFinding = { file: null, line: null, message: 'its report cannot be read' };

/** What a script of ours printed as JSON, in a process in which the deliverable may have had its say. */
export function readPrinted<T extends z.ZodType>({ stdout }: Execution, schema: T): z.output<T> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(stdout));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // Not JSON, or cut.
  }
}

/** The findings of a script that ended well; its failure is told by how it ended. */
export function printedFindings(execution: Execution): readonly ToolFinding[] {
  if (execution.record.exitCode !== 0) return [];
  return readPrinted(execution, z.array(ToolFinding)) ?? [UNREADABLE];
}
