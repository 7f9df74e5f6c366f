import { z } from 'zod';
import { said, type Tool, toolOf } from '../tool.js';

/** What may be run on the files as they are, each under a name. */
export interface Checks {
  readonly names: readonly [string, ...string[]];
  /** What came of one, in words for the model. It runs on a copy: the files stay as they are. */
  readonly run: (name: string, signal: AbortSignal) => Promise<string>;
}

export const runTool = (checks: Checks): Tool =>
  toolOf({
    name: 'run',
    description: `Runs one of the checks on a copy of the files as they are now, and says what it found: ${checks.names.join(', ')}.`,
    input: z.strictObject({ check: z.enum(checks.names) }),
    use: async ({ check }, signal) => said(await checks.run(check, signal)),
  });
