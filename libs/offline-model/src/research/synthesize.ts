import { z } from 'zod';
import { Finding } from './shapes.js';

export const Synthesize = z.object({
  question: z.string(),
  findings: z.array(Finding),
  unanswered: z.array(z.string()),
});

/** The findings put side by side; the offline model draws no conclusion from them. */
export function synthesize({ findings, unanswered }: z.infer<typeof Synthesize>) {
  const answered = findings.filter(({ confidence }) => confidence !== 'none');
  const all = findings.length + unanswered.length;
  const parts = answered.map(({ question, answer }) => `${question} ${answer}`);
  const note = 'The offline model, which is no language model, quotes the sources and draws no conclusion.';
  const gaps = [
    ...findings
      .filter(({ confidence }) => confidence === 'none')
      .map(({ question }) => `Not in the sources: ${question}`),
    ...findings
      .filter(({ confidence }) => confidence === 'low')
      .map(({ question }) => `Barely in the sources: ${question}`),
    ...unanswered.map((question) => `Not answered: ${question}`),
  ];
  return {
    answer: [`${answered.length} of ${all} sub-questions have an answer in the sources.`, ...parts, note].join('\n\n'),
    keyFindings: answered
      .flatMap(({ evidence }) => evidence.slice(0, 1))
      .map(({ source, quote }) => ({ finding: quote, source })),
    gaps,
  };
}
