import { z } from 'zod';

export const Ticket = z.strictObject({
  subject: z.string().min(1).max(500),
  text: z.string().min(1).max(20_000),
  /** What the team knows already, by a word: the model looks into it by a tool. */
  knownProblems: z.record(z.string(), z.string()).default({}),
});
export type Ticket = z.output<typeof Ticket>;

export const Triage = z.object({
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  team: z.enum(['billing', 'accounts', 'product', 'infrastructure']),
  summary: z.string().min(1).max(1_000),
  /** The words of known problems that it is one of. */
  known: z.array(z.string()).max(20),
});
export type Triage = z.output<typeof Triage>;
