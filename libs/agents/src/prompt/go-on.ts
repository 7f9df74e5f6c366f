import type { ConversationEntry } from '@baton/contracts';
import type { Bounds } from '../loop/bounds.js';
import { outsideCalls } from '../loop/outside-calls.js';
import type { Tool } from '../loop/tool.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import { textOfResult } from './declared-tools.js';
import type { LeftConversation, ToolResult } from './tool-arguments.js';

interface Left {
  readonly conversation: LeftConversation | null;
  readonly results: readonly ToolResult[];
}

/** What a task goes on from: what was said before, and the results of the calls that it waited for. */
export async function entriesToGoOn(
  { conversation, results }: Left,
  bounds: Bounds,
  tools: readonly Tool[],
): Promise<OrFailure<readonly ConversationEntry[]>> {
  if (conversation === null) {
    if (results.length === 0) return { ok: true, value: [] };
    return invalidInput('The arguments do not fit: there are results, and no conversation that waits for them.');
  }
  const { entries } = conversation;
  const waiting = await outsideCalls(entries, bounds, tools);
  const wanted = waiting.map(({ id }) => id).join(', ');
  const given = results.map(({ id }) => id).join(', ');
  if (wanted !== given || waiting.length === 0) {
    const waits = waiting.length === 0 ? 'waits for no results' : `waits for the results of ${wanted}, in this order`;
    return invalidInput(
      `The arguments do not fit: the conversation ${waits}, and there are ${given === '' ? 'none' : given}.`,
    );
  }
  const outcomes = results.map(({ id, output, isError }): ConversationEntry => {
    const text = textOfResult(output);
    return { kind: 'outcome', callId: id, text, isError, changes: [], tookMs: 0 };
  });
  return { ok: true, value: [...entries, ...outcomes] };
}
