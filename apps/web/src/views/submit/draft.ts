import { DecisionMode, type JsonObject, SubmitRunBody } from '@baton/contracts';
import { z } from 'zod';
import type { Wrong } from './input-value.js';

/** A submission while it is written: what is typed is kept as it is typed. */
export interface Draft {
  readonly input: JsonObject;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly mode: DecisionMode | '';
  readonly usd: string;
  readonly tokens: string;
  /** `90s`, `30m`, `2h`, or ISO 8601. */
  readonly wallClock: string;
  readonly priority: '' | '0' | '1' | '2' | '3';
  /** The states that a person does by hand. */
  readonly byHand: readonly string[];
  /** Of the run that it is made from, and shown in JSON alone. */
  readonly agents: SubmitRunBody['agents'];
}

export const EMPTY_DRAFT: Draft = {
  ...{ input: {}, labels: [], mode: '', usd: '', tokens: '', wallClock: '', priority: '', byHand: [] },
  agents: undefined,
};

export interface Made {
  readonly body: SubmitRunBody;
  readonly wrong: readonly Wrong[];
}

/** What is sent. What nobody filled in is left to the gateway and the workflow. */
export function bodyOf(workflow: string, draft: Draft): Made {
  const labels = draft.labels.filter(({ name, value }) => name.trim() !== '' || value !== '');
  const limits = {
    ...limitOf('usd', draft.usd, Number),
    ...limitOf('tokens', draft.tokens, Number),
    ...limitOf('wallClock', draft.wallClock, isoDuration),
  };
  const body = {
    workflow,
    input: draft.input,
    ...(labels.length === 0
      ? {}
      : { labels: Object.fromEntries(labels.map(({ name, value }) => [name.trim(), value])) }),
    ...(draft.mode === '' ? {} : { decisions: { mode: draft.mode } }),
    ...(Object.keys(limits).length === 0 ? {} : { budget: limits }),
    ...(draft.priority === '' ? {} : { priority: Number(draft.priority) }),
    ...(draft.byHand.length === 0
      ? {}
      : { by: Object.fromEntries(draft.byHand.map((state) => [state, 'human' as const])) }),
    ...(draft.agents === undefined ? {} : { agents: draft.agents }),
  };
  return { body, wrong: [...twice(labels), ...limitProblems(limits)] };
}

const limitOf = <T>(kind: string, text: string, read: (text: string) => T): Readonly<Record<string, T>> =>
  text.trim() === '' ? {} : { [kind]: read(text.trim()) };

/** As people write it, and as the interface has it. What is neither is sent as it is, and refused. */
const isoDuration = (text: string): string => {
  const short = /^(\d{1,9})\s*([smh])$/i.exec(text);
  return short === null ? text : `PT${short[1]}${short[2]?.toUpperCase()}`;
};

const LIMITS = {
  usd: [SubmitRunBody.shape.budget.unwrap().shape.usd, 'must be a sum above 0'],
  tokens: [SubmitRunBody.shape.budget.unwrap().shape.tokens, 'must be a whole number above 0'],
  wallClock: [SubmitRunBody.shape.budget.unwrap().shape.wallClock, 'must be a time, such as 90s, 30m or 2h'],
} as const;

const limitProblems = (limits: Readonly<Record<string, unknown>>): readonly Wrong[] =>
  Object.entries(LIMITS).flatMap(([kind, [schema, detail]]) =>
    schema.safeParse(limits[kind]).success ? [] : [{ pointer: `/budget/${kind}`, detail }],
  );

function twice(labels: Draft['labels']): readonly Wrong[] {
  const names = labels.map(({ name }) => name.trim());
  return names.flatMap((name, at) => {
    if (name === '') return [{ pointer: '/labels', detail: 'each needs a name' }];
    return names.indexOf(name) < at ? [{ pointer: '/labels', detail: `${name} is given twice` }] : [];
  });
}

/** What of the first event of a run it was submitted with. */
const Started = z.object({
  workflow: z.object({ name: z.string(), version: z.string() }),
  input: SubmitRunBody.shape.input,
  labels: z.record(z.string(), z.string()).default({}),
  priority: z.number().optional(),
  agents: SubmitRunBody.shape.agents,
  by: z.record(z.string(), z.string()).optional(),
  decisionMode: DecisionMode.optional(),
  budget: z
    .object({ usd: z.number().nullable(), tokens: z.number().nullable(), wallClock: z.string().nullable() })
    .optional(),
});

const Forked = z.object({ from: z.object({ runId: z.string() }) });

/** The run that a run was forked from, by its first event; null where it was submitted. */
export const forkedFrom = (first: First): string | null =>
  first.type === 'RunForked' ? (Forked.safeParse(first.data).data?.from.runId ?? null) : null;

interface First {
  readonly type: string;
  readonly data: unknown;
}

const PRIORITIES = ['0', '1', '2', '3'] as const;

/** The submission of a run, by its first event; null where that does not say. */
export function draftOf(first: First): {
  readonly workflow: string;
  readonly version: string;
  readonly draft: Draft;
} | null {
  const started = first.type === 'RunStarted' ? Started.safeParse(first.data).data : undefined;
  if (started === undefined) return null;
  const { workflow, input, labels, priority, agents, by = {}, decisionMode = '', budget } = started;
  return {
    workflow: workflow.name,
    version: workflow.version,
    draft: {
      ...{ input, agents, mode: decisionMode, byHand: Object.keys(by) },
      labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
      usd: budget?.usd?.toString() ?? '',
      tokens: budget?.tokens?.toString() ?? '',
      wallClock: budget?.wallClock ?? '',
      priority: PRIORITIES.find((each) => each === String(priority)) ?? '',
    },
  };
}
