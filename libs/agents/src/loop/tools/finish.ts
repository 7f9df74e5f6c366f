import type { JsonObject } from '@baton/contracts';
import type { z } from 'zod';
import { cap, describeIssues } from '../../task/problems.js';
import { FINISH } from '../progress.js';
import { refusal, type Tool, toolOf } from '../tool.js';

interface FinishParts<S extends z.ZodType<JsonObject>> {
  readonly answerName: string;
  readonly schema: S;
  /** One sentence for each thing that is wrong beyond the schema. */
  readonly check: (answer: z.output<S>) => readonly string[] | Promise<readonly string[]>;
}

/** Takes the answer, or says what is wrong with it. */
export function finishTool<S extends z.ZodType<JsonObject>>({ answerName, schema, check }: FinishParts<S>): Tool {
  const shape = toolOf({
    name: FINISH,
    description: `Hands in your answer, the ${answerName}, and ends the task. Call it once, alone, when everything else is done.`,
    input: schema,
    bringsData: false,
    use: () => refusal(''),
  });
  return {
    ...shape,
    use: async (input) => {
      const parsed = schema.safeParse(input);
      const problems = parsed.success ? await check(parsed.data) : describeIssues(parsed.error);
      if (!parsed.success || problems.length > 0)
        return refusal(
          `This is no ${answerName} yet: ${cap(problems).join('; ')}. Hand in the whole ${answerName} again.`,
        );
      return { text: 'Taken.', isError: false, changes: [], answer: parsed.data };
    },
  };
}
