import { Usage } from '@baton/contracts';
import { wilsonInterval } from '@baton/foresight';
import { z } from 'zod';

/** What came of one run of an evaluation: a line of its file. */
export const Outcome = z.object({
  key: z.string(),
  task: z.string(),
  model: z.string().nullable(),
  variant: z.string(),
  repetition: z.int(),
  runId: z.string(),
  status: z.string(),
  success: z.boolean(),
  /** Why it is none: the first thing for each check that does not hold. */
  failures: z.array(z.string()),
  /** The models that answered. */
  models: z.array(z.string()),
  usage: Usage,
  rounds: z.int(),
  durationMs: z.number(),
});
export type Outcome = z.infer<typeof Outcome>;

/** A model with a variant, over all tasks and repetitions. */
export interface Score {
  readonly model: string | null;
  readonly variant: string;
  readonly n: number;
  readonly successes: number;
  readonly rate: number;
  /** 95 %, by Wilson. */
  readonly low: number;
  readonly high: number;
  /** Means for each run; `costUsd` is null where the price of one is not known. */
  readonly costUsd: number | null;
  readonly tokens: number;
  readonly rounds: number;
  readonly durationMs: number;
  /** Task → successes of runs. */
  readonly tasks: Readonly<Record<string, { readonly n: number; readonly successes: number }>>;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** By model and variant, in the order in which they first come. */
export function scoresOf(outcomes: readonly Outcome[]): readonly Score[] {
  const groups = Map.groupBy(outcomes, ({ model, variant }) => JSON.stringify([model, variant]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const successes = group.filter(({ success }) => success).length;
    const interval = wilsonInterval(successes, group.length);
    if (first === undefined || interval === null) return [];
    const costs = group.map(({ usage }) => usage.costUsd);
    const known = costs.filter((cost) => cost !== null);
    const tasks = [...Map.groupBy(group, ({ task }) => task)].map(([task, runs]) => {
      const counts = { n: runs.length, successes: runs.filter(({ success }) => success).length };
      return [task, counts] as const;
    });
    return [
      {
        model: first.model,
        variant: first.variant,
        n: group.length,
        successes,
        rate: successes / group.length,
        ...interval,
        costUsd: known.length === costs.length ? mean(known) : null,
        tokens: mean(group.map(({ usage }) => usage.inputTokens + usage.outputTokens)),
        rounds: mean(group.map(({ rounds }) => rounds)),
        durationMs: mean(group.map(({ durationMs }) => durationMs)),
        tasks: Object.fromEntries(tasks),
      },
    ];
  });
}
