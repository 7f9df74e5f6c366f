import { z } from 'zod';

/*
 * What a run was submitted with, from its state after its first event (`GET /v1/runs/{id}/state?at=1`), as a submission of the
 * same again. The state of a fork tells it as well as that of a run that began by itself.
 */

const State = z.object({
  workflow: z.object({ name: z.string(), version: z.string() }),
  input: z.record(z.string(), z.unknown()),
  priority: z.int().optional().catch(undefined),
  decisionMode: z.enum(['programmatic', 'llm', 'hybrid', 'shadow', 'auto']).optional().catch(undefined),
  labels: z.record(z.string(), z.string()).catch({}),
  budget: z
    .object({ usd: z.number().nullable(), tokens: z.int().nullable(), wallClock: z.string().nullable() })
    .catch({ usd: null, tokens: null, wallClock: null }),
  agents: z.record(z.string(), z.unknown()).optional().catch(undefined),
  by: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

export interface Submission {
  /** `name@version` */
  readonly workflow: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  /** All else that it was submitted with, as the body of a submission has it. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Null: the state is of a version of Baton that this page does not know. */
export function submissionIn(state: unknown): Submission | null {
  const parsed = State.safeParse(state);
  if (!parsed.success) return null;
  const { workflow, input, labels, priority, decisionMode, budget, agents, by } = parsed.data;
  const limits = Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== null));
  const rest = {
    ...{ priority, agents, by },
    decisions: decisionMode === undefined ? undefined : { mode: decisionMode },
    budget: Object.keys(limits).length === 0 ? undefined : limits,
  };
  return {
    workflow: `${workflow.name}@${workflow.version}`,
    ...{ input, labels },
    rest: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  };
}

/** Whether something in it is sealed, because it is about a person: a copy of that is not opened in another run. */
export const isSealed = (value: unknown): boolean => JSON.stringify(value)?.includes('"$sealed":') ?? false;
