import { z } from 'zod';

export const Page = z.object({
  path: z.string(),
  title: z.string(),
  purpose: z.string(),
  sections: z.array(z.object({ heading: z.string(), text: z.string() })),
});
export type Page = z.infer<typeof Page>;

export const Specification = z.object({
  title: z.string(),
  summary: z.string(),
  techStack: z.array(z.string()).default([]),
  pages: z.array(Page),
  criteria: z.array(z.object({ id: z.string(), text: z.string() })),
});
export type Specification = z.infer<typeof Specification>;

export const SiteFile = z.object({ path: z.string(), content: z.string() });
export type SiteFile = z.infer<typeof SiteFile>;

export const SiteReview = z.object({
  verdict: z.enum(['pass', 'revise']),
  summary: z.string(),
  issues: z.array(
    z.object({
      id: z.string(),
      criterion: z.string(),
      severity: z.enum(['blocker', 'minor']),
      place: z.string(),
      problem: z.string(),
      fix: z.string(),
    }),
  ),
});
export type SiteReview = z.infer<typeof SiteReview>;
