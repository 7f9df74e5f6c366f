import { z } from 'zod';
import { said, type Tool, toolOf } from '../tool.js';

/** One of the checks: its name, and what may be added to it, in words. */
interface Runnable {
  readonly name: string;
  readonly takes: string | null;
}

/** What may be run on the files as they are, each under a name. */
export interface Checks {
  readonly all: readonly [Runnable, ...Runnable[]];
  /** What came of one, in words for the model. It runs on a copy: the files stay as they are. */
  readonly run: (name: string, args: readonly string[], signal: AbortSignal) => Promise<string>;
}

export function runTool({ all: [first, ...others], run }: Checks): Tool {
  const all = [first, ...others];
  const named = all.map(({ name, takes }) => (takes === null ? name : `${name} (${takes})`));
  const check = z.enum([first.name, ...others.map(({ name }) => name)]);
  const takesAny = all.some(({ takes }) => takes !== null);
  const args = takesAny
    ? {
        arguments: z
          .array(z.string())
          .optional()
          .describe('added to the command, each as one word, such as the path of one test; no shell reads them'),
      }
    : {};
  const Input = z.strictObject({ check, ...args });
  return toolOf({
    name: 'run',
    description: `Runs one of the checks on a copy of the files as they are now, and says what it found: ${named.join(', ')}.`,
    input: Input,
    use: async (input, signal) => {
      const words = z
        .array(z.string())
        .optional()
        .parse('arguments' in input ? input.arguments : undefined);
      return said(await run(input.check, words ?? [], signal));
    },
  });
}
