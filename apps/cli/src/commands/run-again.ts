import { DoneBy, JsonObject, RunAgents, RunId, SubmitRunBody } from '@baton/contracts';
import { z } from 'zod';
import { UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { eventPages } from './events.js';
import { serversText } from './run-shapes.js';
import { getRun } from './watch-run.js';

/** What of the first event of a run it was submitted with. */
const Started = z.object({
  workflow: z.object({ name: z.string(), version: z.string() }),
  input: JsonObject,
  labels: SubmitRunBody.shape.labels.unwrap(),
  priority: SubmitRunBody.shape.priority.unwrap(),
  agents: RunAgents.optional(),
  by: DoneBy.optional(),
  decisionMode: SubmitRunBody.shape.decisions.unwrap().shape.mode,
  budget: z.object({ usd: z.number().nullable(), tokens: z.int().nullable(), wallClock: z.string().nullable() }),
});
const Forked = z.object({ from: z.object({ runId: RunId }) });

/** More forks of forks than this nobody makes by hand. */
const MOST_FORKS = 1_000;

/** What a run was submitted with, and that run: for a fork, the one that it goes back to. */
export interface Submitted {
  readonly runId: string;
  readonly submission: SubmitRunBody & { readonly labels: Readonly<Record<string, string>> };
}

/** Reads from its log what a run was submitted with. Throws UsageError for one that was not submitted, or has not begun. */
export async function submittedWith(gateway: Gateway, id: string, signal: AbortSignal): Promise<Submitted> {
  let { runId } = await getRun(gateway, id, signal);
  for (let forks = 0; forks < MOST_FORKS; forks += 1) {
    const first = await firstEvent(gateway, runId, signal);
    const forked = first?.type === 'RunForked' ? Forked.safeParse(first.data) : null;
    if (forked?.success !== true) return { runId, submission: submissionOf(runId, first) };
    runId = forked.data.from.runId;
  }
  throw new UsageError(`Run ${id} is a fork of forks without an end.`, 'Submit it with all that it needs.');
}

async function firstEvent(gateway: Gateway, runId: string, signal: AbortSignal) {
  for await (const [event] of eventPages(gateway, runId, signal, 0, 1)) return event;
  return undefined;
}

function submissionOf(
  runId: string,
  first: { readonly type: string; readonly data: unknown } | undefined,
): Submitted['submission'] {
  if (first === undefined) {
    throw new UsageError(`Run ${runId} has not begun.`, `See how it stands with \`baton run get ${runId}\`.`);
  }
  const parsed = Started.safeParse(first.data);
  if (!parsed.success) {
    throw new UsageError(
      `What run ${runId} was submitted with cannot be read.`,
      'Submit it with all that it needs.',
      parsed.error,
    );
  }
  const { workflow, input, labels, priority, agents, by, decisionMode, budget } = parsed.data;
  const { usd, tokens, wallClock } = budget;
  return {
    workflow: `${workflow.name}@${workflow.version}`,
    input,
    labels,
    priority,
    ...(agents === undefined ? {} : { agents }),
    ...(by === undefined ? {} : { by }),
    decisions: { mode: decisionMode },
    budget: {
      ...(usd === null ? {} : { usd }),
      ...(tokens === null ? {} : { tokens }),
      ...(wallClock === null ? {} : { wallClock }),
    },
  };
}

/** The submission in words. */
export function submissionWords({
  workflow,
  input,
  labels,
  priority,
  agents,
  by,
  decisions,
  budget,
}: SubmitRunBody): string {
  const pairs = (record: object): string =>
    Object.entries(record)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
  const facts = [
    workflow,
    `input with ${Object.keys(input).join(', ') || 'nothing'}`,
    ...(decisions === undefined ? [] : [`mode ${decisions.mode}`]),
    ...(agents?.model === undefined ? [] : [`model ${agents.model}`]),
    ...(pairs(agents?.templates ?? {}) === '' ? [] : [`templates ${pairs(agents?.templates ?? {})}`]),
    ...(agents?.mcpServers === undefined ? [] : [serversText(agents.mcpServers)]),
    ...(pairs(by ?? {}) === '' ? [] : [`by ${pairs(by ?? {})}`]),
    ...(pairs(budget ?? {}) === '' ? [] : [`budget ${pairs(budget ?? {})}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...(pairs(labels ?? {}) === '' ? [] : [`labels ${pairs(labels ?? {})}`]),
  ];
  return facts.join('; ');
}
