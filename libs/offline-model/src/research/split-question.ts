import { z } from 'zod';

export const SplitQuestion = z.object({
  question: z.string(),
  sources: z.array(z.string()),
  maxQuestions: z.number(),
});

/** Where one question ends: at its sign, or before words such as “, how” or “and which”. “, which” alone tells more of a thing. */
const SEAMS = new RegExp(
  [
    '[?;\\n]+',
    ',\\s+(?=(?:what|how|why|is|are|does|do|can|should)\\b)',
    ',?\\s+and\\s+(?=(?:what|how|why|who|when|where|which|is|are|does|do|can|should)\\b)',
  ].join('|'),
  'i',
);

/**
 * The parts of a question that stand apart by their signs or by “and”; a question in one part is also asked for what
 * speaks for it and against it.
 */
export function splitQuestion({ question, maxQuestions }: z.infer<typeof SplitQuestion>): { questions: string[] } {
  const parts = question
    .split(SEAMS)
    .map((part) => part.replace(/^(?:and|[-*#\s])+\s*/i, '').replace(/[\s.,]+$/, ''))
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
  const [only = question.trim()] = parts;
  const asked = parts.length > 1 ? parts : [only, `What speaks for it: ${only}`, `What speaks against it: ${only}`];
  const questions = [...new Set(asked)].slice(0, Math.max(1, maxQuestions));
  return { questions: questions.map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1, 480)}?`) };
}
