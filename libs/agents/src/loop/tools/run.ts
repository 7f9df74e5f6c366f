import { z } from 'zod';
import type { Workbench } from '../../workbench/workbench.js';
import { refusal, said, type Tool, toolOf } from '../tool.js';

/** What may be run on the files as they are, each under a name. */
export interface Checks {
  readonly names: readonly [string, ...string[]];
  /** What came of one, in words for the model. */
  readonly run: (name: string, signal: AbortSignal) => Promise<{ readonly text: string; readonly hasPassed: boolean }>;
}

export const runTool = (bench: Workbench, checks: Checks): Tool =>
  toolOf({
    name: 'run',
    description: `Runs one of the checks on the files as they are now, and says what it found: ${checks.names.join(', ')}. The same are run when you have handed in.`,
    input: z.strictObject({ check: z.enum(checks.names) }),
    use: async ({ check }, signal) => {
      const { text, hasPassed } = await checks.run(check, signal);
      // What a check leaves behind is part of the files: a formatter is one.
      return hasPassed ? said(text, await bench.note()) : { ...refusal(text), changes: await bench.note() };
    },
  });
