import { eventIn, type RecordedFact } from '../replay/recorded-fact.js';
import { RunReplay } from '../replay/run-replay.js';
import { emptySegment, grown, isLong } from '../state/segment.js';

export const RUN_ID = '0123abcd-0000-4000-8000-00000000beef';

/** Decides a log again, as far as it is new since the last time. @returns what is wrong, in words, or null */
export function replayOf(facts: readonly RecordedFact[]): (added: number) => Promise<string | null> {
  const read = async (_: string, toVersion: number) => ({ events: facts.slice(0, toVersion).map(eventIn), before: 0 });
  const replay = new RunReplay(RUN_ID, { read });
  return async (added) => {
    const sizes = facts.map(({ dataText }) => dataText.length);
    // A long log holds copies of the state, which the hub writes and nobody here; and where a fork comes from nobody knows here.
    if (isLong(grown(emptySegment, sizes)) || facts[0]?.type === 'RunForked') return null;
    const news = added === 0 ? [] : facts.slice(-added);
    const difference = (await replay.take(news)) ?? (await replay.finish());
    if (difference !== null) return `event ${difference.version}: ${JSON.stringify(difference).slice(0, 4_000)}`;
    return replay.tallies.some(({ otherwise }) => otherwise > 0) ? 'an engine decided otherwise' : null;
  };
}
