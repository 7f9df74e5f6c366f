import { isJsonObject, type Json } from '@baton/asl';
import {
  decide,
  type Effect,
  evolve,
  initialState,
  parseWorkflowDocument,
  type RunEvent,
  type RunOrder,
  type RunState,
  react,
  type WorkflowDocument,
} from '@baton/workflow';
import { answerOf, INVOKE_KIND } from './workers.js';

/** How an execution ended, in the words of the recorded cases. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'RUNNING';
  readonly output: Json;
  readonly error: string | null;
  readonly cause: string | null;
  /** `entered A`, `exited A`, in order. */
  readonly visited: readonly string[];
}

type Issue = Extract<Effect, { type: 'issue' }>;

const RUN_ID = '0123abcd-0000-4000-8000-00000000a510';
const START_MS = Date.UTC(2026, 0, 1);
/** The service's limit of a payload: 256 KiB. */
const MAX_PAYLOAD_BYTES = 262_144;
/** More turns than any recorded case takes. */
const MAX_TURNS = 5_000;

/** The definition with the resources of the recorded cases under names that Baton knows. */
function ownResources(json: Json): Json {
  if (Array.isArray(json)) return json.map(ownResources);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) =>
      name === 'Resource' && typeof value === 'string' && json.Type === 'Task'
        ? [name, ownResource(value)]
        : [name, ownResources(value)],
    ),
  );
}

const ownResource = (resource: string): string =>
  resource === 'arn:aws:states:::lambda:invoke'
    ? `baton:worker:${INVOKE_KIND}`
    : resource.replace(/^worker:/, 'baton:worker:');

/** Checks a definition as publishing does. */
export const parseDefinitionOf = (definition: Json) =>
  parseWorkflowDocument({
    name: 'conformance',
    version: '1.0.0',
    title: 'Conformance',
    definition: ownResources(definition),
  });

/**
 * Runs a definition to its end with the real `decide`, `evolve` and `react`, workers that answer at once, and a clock
 * that jumps to the next thing that is due.
 */
export async function execute(definition: Json, input: Json): Promise<Outcome> {
  const parsed = parseDefinitionOf(definition);
  if (!parsed.ok) {
    const [finding] = parsed.findings;
    return { status: 'FAILED', output: null, error: 'refused', cause: JSON.stringify(finding), visited: [] };
  }
  return drive(parsed.document, input);
}

async function drive(document: WorkflowDocument, input: Json): Promise<Outcome> {
  let state: RunState = initialState;
  let nowMs = START_MS;
  const rows = new Map<string, Issue>();
  const visited: string[] = [];
  const names = new Map<number, string>();
  const when = async (order: RunOrder): Promise<void> => {
    const meta = { nowMs, actor: { type: 'system' as const, id: 'conformance' }, maxPayloadBytes: MAX_PAYLOAD_BYTES };
    for (const event of await decide(state, order, meta)) {
      state = evolve(state, event);
      note(event, names, visited);
      for (const effect of react(event, state)) {
        if (effect.type === 'issue') rows.set(effect.commandId, effect);
        else rows.delete(effect.commandId);
      }
    }
  };
  const submission = { requestId: 'conformance', workflow: document.name, input, runId: RUN_ID };
  await when({ type: 'StartRun', submission, document, sha256: 'ab'.repeat(32) });
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const next = nextOf([...rows.values()], nowMs);
    if (next === null) break;
    nowMs = Math.max(nowMs, next.atMs);
    await when(next.order);
  }
  return outcomeOf(state, visited);
}

/** What happens first of all that is under way; null where nothing ever will. */
function nextOf(rows: readonly Issue[], nowMs: number): { readonly atMs: number; readonly order: RunOrder } | null {
  const due = rows.flatMap((row) => happensOf(row, nowMs));
  return due.reduce<(typeof due)[number] | null>(
    (first, each) => (first === null || each.atMs < first.atMs ? each : first),
    null,
  );
}

function happensOf({ commandId, queue, message, notBefore, deadline }: Issue, nowMs: number) {
  const expiry =
    deadline === null ? [] : [{ atMs: Date.parse(deadline), order: { type: 'ExpireCommand' as const, commandId } }];
  if (queue === null) return expiry;
  const beginsMs = Math.max(nowMs, notBefore === null ? 0 : Date.parse(notBefore));
  const answer = answerOf(queue.replace(/^worker-/, ''), message.arguments ?? null);
  if (answer.type === 'silent') return expiry;
  const order: RunOrder =
    answer.type === 'succeeded'
      ? { type: 'CompleteTask', commandId, output: answer.output }
      : { type: 'FailTask', commandId, error: answer.error, cause: answer.cause, retryable: true };
  return [{ atMs: beginsMs + (answer.type === 'succeeded' ? answer.afterMs : 0), order }, ...expiry];
}

function note(event: RunEvent, names: Map<number, string>, visited: string[]): void {
  if (event.type === 'StateEntered') {
    names.set(event.data.visit, event.data.state);
    visited.push(`entered ${event.data.state}`);
  } else if (event.type === 'StateExited' || event.type === 'ErrorCaught') {
    visited.push(`exited ${names.get(event.data.visit)}`);
  }
}

function outcomeOf(state: RunState, visited: readonly string[]): Outcome {
  if (state.status === 'new' || state.status === 'running' || state.status === 'cancelled') {
    return { status: 'RUNNING', output: null, error: null, cause: null, visited };
  }
  const { output, error, cause } = state;
  const isOutOfTime = error === 'States.Timeout' && (cause ?? '').startsWith('The run took longer');
  const status = state.status === 'succeeded' ? 'SUCCEEDED' : isOutOfTime ? 'TIMED_OUT' : 'FAILED';
  // An event says "none" with an empty text.
  return { status, output, error: error === '' ? null : error, cause: cause === '' ? null : cause, visited };
}
