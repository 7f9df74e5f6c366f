import { type FileChange, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { cap } from '../../task/problems.js';
import { FINISH } from '../progress.js';
import { refusal, type Tool, toolOf } from '../tool.js';

/** An answer as it was handed in: taken, with what that did to the files, or sent back with what is wrong. */
export type Taken =
  | { readonly ok: true; readonly answer: JsonObject; readonly changes: readonly FileChange[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly changes: readonly FileChange[] };

interface FinishParts {
  readonly answerName: string;
  /** What the model is told of the shape. */
  readonly inputSchema: JsonObject;
  readonly take: (input: JsonObject) => Promise<Taken>;
}

/** Takes the answer, or says what is wrong with it. */
export function finishTool({ answerName, inputSchema, take }: FinishParts): Tool {
  const tool = toolOf({
    name: FINISH,
    description: `Hands in your answer, the ${answerName}, and ends the task. Call it once, alone, when everything else is done.`,
    input: z.record(z.string(), z.unknown()),
    bringsData: false,
    use: async (input) => {
      const taken = await take(JsonObject.parse(input));
      if (taken.ok) return { text: 'Taken.', isError: false, changes: taken.changes, answer: taken.answer };
      const problems = cap(taken.problems)
        .map((problem) => problem.replace(/\.$/, ''))
        .join('; ');
      const text = `This is no ${answerName} yet: ${problems}. Hand in the whole ${answerName} again.`;
      return { ...refusal(text), changes: taken.changes };
    },
  });
  return { ...tool, definition: { ...tool.definition, inputSchema } };
}
