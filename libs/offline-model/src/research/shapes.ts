import { z } from 'zod';

export const Source = z.object({ title: z.string(), text: z.string() });
export type Source = z.infer<typeof Source>;

export const Finding = z.object({
  question: z.string(),
  answer: z.string(),
  evidence: z.array(z.object({ source: z.string(), quote: z.string() })),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
});
export type Finding = z.infer<typeof Finding>;
