import type { ConversationEntry } from '@baton/contracts';
import type { ToolCall } from '@baton/llm';
import type { Bounds } from './bounds.js';
import { nextOf } from './progress.js';
import type { Tool } from './tool.js';

/**
 * The calls that come next and are answered outside of the task, up to the first that is not: one of a tool of its own, one
 * whose input does not fit, one that a bound holds back. They are answered together.
 */
export async function outsideCalls(
  entries: readonly ConversationEntry[],
  bounds: Bounds,
  tools: readonly Tool[],
): Promise<readonly ToolCall[]> {
  const calls: ToolCall[] = [];
  const ahead = [...entries];
  for (;;) {
    const next = nextOf(ahead, bounds);
    if (next.type !== 'use' || next.heldBack !== null) return calls;
    const { id, name, input } = next.call;
    const tool = tools.find(({ definition }) => definition.name === name);
    if (tool?.problemsOf === undefined || (await tool.problemsOf(input)).length > 0) return calls;
    calls.push(next.call);
    ahead.push({ kind: 'outcome', callId: id, text: '', isError: false, changes: [], tookMs: 0 });
  }
}
