import type { Json } from '@baton/contracts';
import { FINISH } from '../loop/progress.js';
import { refusal, said, type Tool } from '../loop/tool.js';
import type { OrFailure } from '../task/or-failure.js';
import { invalidInput } from '../task/or-failure.js';
import { cap } from '../task/problems.js';
import { answerReader, type SchemaChecks } from './answer-schema.js';
import { type DeclaredTool, type GivenTool, KNOWLEDGE_TOOLS, WORKER_TOOLS } from './tool-arguments.js';

/** The longest text that a tool of the workflow gives, in characters. */
const MOST_CHARACTERS = 48_000;

export const isDeclared = (tool: GivenTool): tool is DeclaredTool => typeof tool !== 'string';

/** The tools that a workflow declares; a failure where one cannot be. */
export async function declaredTools(
  given: readonly DeclaredTool[],
  checks: SchemaChecks,
): Promise<OrFailure<readonly Tool[]>> {
  const tools: Tool[] = [];
  for (const declared of given) {
    const { name, input } = declared;
    const taken = [FINISH, ...WORKER_TOOLS, ...KNOWLEDGE_TOOLS, ...tools.map(({ definition }) => definition.name)];
    if (taken.includes(name)) return refused(`tools has the name ${name} twice, or it is a name of the worker's own`);
    if (input.type !== 'object') return refused(`the input of the tool ${name} must be a schema with type: object`);
    const reader = await answerReader(input, checks);
    if (!reader.ok) return refused(`the input of the tool ${name} is no JSON Schema: ${reader.problem}`);
    tools.push(
      toolFor(declared, async (value) => {
        const read = await reader.read(JSON.stringify(value));
        return read.ok ? [] : read.problems;
      }),
    );
  }
  return { ok: true, value: tools };
}

const refused = (problem: string): OrFailure<never> => invalidInput(`The arguments do not fit: ${problem}.`);

function toolFor(
  { name, description, input, gives }: DeclaredTool,
  problemsOf: (value: Json) => Promise<readonly string[]>,
): Tool {
  // Models and servers take no `$schema`.
  const { $schema: _, ...inputSchema } = input;
  return {
    definition: { name, description, inputSchema },
    bringsData: true,
    ...(gives === undefined ? { problemsOf } : {}),
    use: async (value) => {
      const problems = await problemsOf(value);
      if (problems.length > 0) return refusal(`The input does not fit: ${cap(problems).join('; ')}.`);
      return said(textOfResult(gives ?? null));
    },
  };
}

/** What came of a call, as the model is told it. */
export function textOfResult(output: Json): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output, null, 2);
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}\n… [cut: ${text.length} characters]`;
}
