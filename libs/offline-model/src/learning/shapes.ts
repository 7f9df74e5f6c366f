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

/** What the training code of the scripts writes, as far as people ask. */
const Learnt = z.object({
  classes: z.array(Cell),
  columns: z.array(z.string()),
  trainedOn: z.number(),
  /** How, where it is no tree. */
  method: z.string().optional(),
});

/** A list of rules, or what was learnt by a program. */
export const AnyModel = z.union([Model, Learnt, z.record(z.string(), z.unknown())]);
export type AnyModel = z.infer<typeof AnyModel>;

const rulesOf = (model: AnyModel): Model | null => Model.safeParse(model).data ?? null;

/** The columns that a model looks at, as far as it shows. */
export function columnsOf(model: AnyModel): readonly string[] {
  const rules = rulesOf(model)?.rules ?? [];
  return [...new Set([...rules.map(({ column }) => column), ...(Learnt.safeParse(model).data?.columns ?? [])])];
}

/** The values that a model may predict; null where it does not show. */
export function labelsOf(model: AnyModel): readonly Cell[] | null {
  const list = rulesOf(model);
  if (list !== null) return [list.otherwise, ...list.rules.map(({ predicts }) => predicts)];
  return Learnt.safeParse(model).data?.classes ?? null;
}

const SAID = { is: 'is', atLeast: 'is at least', below: 'is below' } as const;

/** How a model decides, in words. */
export function wordsOf(model: AnyModel, target: string): string {
  const list = rulesOf(model);
  if (list === null) {
    const { trainedOn: rows, method } = Learnt.safeParse(model).data ?? {};
    const from = rows === undefined ? '' : `, learnt from ${rows} rows`;
    const by = method === undefined ? 'tree of questions' : method;
    return `a ${by} about ${columnsOf(model).join(', ') || 'the columns'} leads to a value of ${target}${from}`;
  }
  const steps = list.rules.map(
    ({ column, operator, value, predicts }) =>
      `if ${column} ${SAID[operator]} ${JSON.stringify(value)}, ${target} is ${JSON.stringify(predicts)}`,
  );
  return [...steps, `else ${target} is ${JSON.stringify(list.otherwise)}`].join('; ');
}

/** What the workflow itself measured on the rows that the training did not see. */
export const Measured = z.object({
  checked: z.number(),
  right: z.number(),
  accuracy: z.number(),
  baseline: z.number(),
  /** The values that were predicted at all. */
  predicted: z.array(Cell).optional(),
});
export type Measured = z.infer<typeof Measured>;

export const Judgement = z.object({ trustworthy: z.boolean(), concerns: z.array(z.string()), summary: z.string() });
