import { z } from 'zod';

export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof Cell>;

export const Row = z.record(z.string(), Cell);
export type Row = z.infer<typeof Row>;

export const Column = z.object({
  name: z.string(),
  kind: z.enum(['number', 'category', 'unusable']),
  missing: z.number(),
  distinct: z.number(),
  note: z.string(),
});
export type Column = z.infer<typeof Column>;

export const DataReport = z.object({
  rowCount: z.number(),
  columns: z.array(Column),
  classes: z.array(z.object({ label: Cell, count: z.number() })),
  problems: z.array(z.string()),
});
export type DataReport = z.infer<typeof DataReport>;

export const Features = z.object({
  features: z.array(z.object({ column: z.string(), kind: z.enum(['number', 'category']), why: z.string() })),
  leftOut: z.array(z.object({ column: z.string(), reason: z.string() })),
});
export type Features = z.infer<typeof Features>;

export const Rule = z.object({
  column: z.string(),
  operator: z.enum(['is', 'atLeast', 'below']),
  value: Cell,
  predicts: Cell,
});
export type Rule = z.infer<typeof Rule>;

export const Model = z.object({ rules: z.array(Rule), otherwise: Cell, summary: z.string() });
export type Model = z.infer<typeof Model>;

/** What the workflow itself measured on the rows that the training did not see. */
export const Measured = z.object({
  checked: z.number(),
  right: z.number(),
  accuracy: z.number(),
  baseline: z.number(),
});
export type Measured = z.infer<typeof Measured>;

export const Judgement = z.object({ trustworthy: z.boolean(), concerns: z.array(z.string()), summary: z.string() });
