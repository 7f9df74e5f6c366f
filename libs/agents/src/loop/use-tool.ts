import type { OutcomeEntry } from '@baton/contracts';
import type { ToolCall } from '@baton/llm';
import { refusal, type Tool, type ToolAnswer } from './tool.js';

/** Carries out a call; of a tool that is not there the model is told which there are. */
export async function useTool(
  tools: readonly Tool[],
  { name, input }: ToolCall,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const tool = tools.find(({ definition }) => definition.name === name);
  if (tool !== undefined) return tool.use(input, signal);
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
