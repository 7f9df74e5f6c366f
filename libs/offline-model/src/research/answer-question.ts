import { z } from 'zod';
import { tellingWords } from '../words.js';
import { type Finding, Source } from './shapes.js';

export const AnswerQuestion = z.object({ question: z.string(), context: z.string(), sources: z.array(Source) });

const MOST_QUOTES = 3;

/** Words of asking say nothing about what is asked. */
const ASKING = tellingWords('what how why who when where which do does did speaks against');

/** The sentences of the sources that have the most words of the question, as quotes; none with less than half as many. */
export function answerQuestion({ question, sources }: z.infer<typeof AnswerQuestion>): Finding {
  const asked = [...tellingWords(question)].filter((word) => !ASKING.has(word));
  const quotes = sources
    .flatMap(({ title, text }) =>
      sentencesOf(text).map((quote) => ({ source: title, quote, shared: shared(asked, quote) })),
    )
    .filter(({ shared: count }) => count > 0)
    .sort((one, other) => other.shared - one.shared)
    .filter(({ shared: count }, _, all) => count * 2 >= (all[0]?.shared ?? 0))
    .slice(0, MOST_QUOTES);
  const found = new Set(quotes.flatMap(({ quote }) => [...tellingWords(quote)]));
  const covered = asked.filter((word) => found.has(word)).length / Math.max(1, asked.length);
  return {
    question,
    answer: quotes.length === 0 ? 'The sources say nothing about this.' : quotes.map(({ quote }) => quote).join(' '),
    evidence: quotes.map(({ source, quote }) => ({ source, quote })),
    confidence: quotes.length === 0 ? 'none' : covered >= 0.6 ? 'high' : covered >= 0.3 ? 'medium' : 'low',
  };
}

const shared = (asked: readonly string[], sentence: string): number => {
  const words = tellingWords(sentence);
  return asked.filter((word) => words.has(word)).length;
};

const sentencesOf = (text: string): readonly string[] =>
  text
    .split(/\n+|(?<=[.!?。！？])\s+/u)
    .map((sentence) => sentence.replace(/^[\s#>*-]+|\s+$/g, '').slice(0, 1000))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
