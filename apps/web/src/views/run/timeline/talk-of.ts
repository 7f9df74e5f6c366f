import type { Schemas } from '../../../api/api.js';

type Entry = Pick<Schemas['Conversation']['entries'][number], 'kind'> & { readonly tookMs?: number };

/** How often a model was called and tools were used, and how long that took. */
export function talkOf(entries: readonly Entry[]) {
  const talk = { calls: 0, modelMs: 0, tools: 0, toolMs: 0 };
  for (const { kind, tookMs = 0 } of entries) {
    if (kind === 'answer' || kind === 'cut' || kind === 'failure') {
      talk.calls += 1;
      talk.modelMs += tookMs;
    } else if (kind === 'outcome') {
      talk.tools += 1;
      talk.toolMs += tookMs;
    }
  }
  return talk;
}
