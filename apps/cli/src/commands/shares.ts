import type { ConversationEntry } from '@baton/contracts';

/** Shares below this are not worth a word. */
const LEAST = 0.01;

/**
 * Where the tokens of a conversation went: each part counts as often as it was sent, since every call sends all that was
 * said before. By characters, which is as near as anybody who has no tokenizer comes.
 */
export function sharesOf(entries: readonly ConversationEntry[]): readonly string[] {
  const [opening] = entries;
  if (opening?.kind !== 'opening' || opening.parts === undefined) return [];
  const sent = new Map<string, number>();
  const names = new Map<string, string>();
  const add = (name: string, characters: number, after: number): void => {
    const times = entries.slice(after).filter(({ kind }) => kind === 'answer').length;
    sent.set(name, (sent.get(name) ?? 0) + characters * times);
  };
  for (const { name, characters } of opening.parts) add(name, characters, 1);
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'answer') {
      add('its own answers', JSON.stringify(entry.content).length, index + 1);
      for (const { id, name } of entry.calls) names.set(id, name);
    }
    if (entry.kind === 'outcome')
      add(`outcomes of ${names.get(entry.callId) ?? 'finish'}`, entry.text.length, index + 1);
  }
  const all = [...sent.values()].reduce((sum, each) => sum + each, 0);
  const words = [...sent]
    .filter(([, count]) => count / Math.max(1, all) >= LEAST)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${Math.round((100 * count) / all)} %`);
  return words.length === 0 ? [] : ['', `of what was sent: ${words.join(', ')}`];
}
