import type { OutcomeEntry } from '@baton/contracts';
import type { ToolCall } from '@baton/llm';
import { failed, inSpan } from '@baton/telemetry';
import { refusal, type Tool, type ToolAnswer } from './tool.js';

/** Carries out a call; of a tool that is not there the model is told which there are. */
export async function useTool(
  tools: readonly Tool[],
  { id, name, input }: ToolCall,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const tool = tools.find(({ definition }) => definition.name === name);
  if (tool !== undefined) {
    // By the name that it has here: what a model makes up is no name of a span.
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name, 'gen_ai.tool.call.id': id };
    return inSpan(`execute_tool ${name}`, { attributes }, async (span) => {
      const answer = await tool.use(input, signal);
      if (answer.isError) failed(span, { code: 'tool-error' });
      return answer;
    });
  }
  return refusal(
    `There is no tool ${JSON.stringify(name)}. There are ${tools.map(({ definition }) => definition.name).join(', ')}.`,
  );
}

/** What came of a call, as the journal has it. */
export const outcomeOf = (
  { id }: ToolCall,
  { text, isError, changes, answer, media, knowledge }: ToolAnswer,
  tookMs: number,
): OutcomeEntry => ({
  kind: 'outcome',
  callId: id,
  text,
  isError,
  changes: [...changes],
  ...(answer === undefined ? {} : { answer }),
  ...(media === undefined ? {} : { media: [...media] }),
  ...(knowledge === undefined ? {} : { knowledge }),
  tookMs,
});
