import { microUsdOf } from '@baton/contracts';
import {
  canonicalJson,
  evolve,
  initialState,
  type RunEvent,
  RunReplay,
  type RunState,
  readEvent,
  rebuild,
  SNAPSHOT_EVENTS,
  type StartedRun,
  stateToJson,
} from '@baton/workflow';
import type { Ledger } from '../parts/ledger.js';
import type { Choices } from '../world/choices.js';
import type { EventRow, Tables } from '../world/database/tables.js';
import type { LogWatch } from './log-watch.js';

/** What must be true of the whole once nothing is left to be done. */

const ENDS: ReadonlySet<string> = new Set(['RunSucceeded', 'RunFailed', 'RunCancelled']);
const SNAPSHOTS: ReadonlySet<string> = new Set(SNAPSHOT_EVENTS);

/** A request may come too late, or from somebody who has answered: its letter says so. */
const OF_REQUESTS: ReadonlySet<string> = new Set(['intake', 'inbox']);

export interface Judged {
  readonly tables: Tables;
  readonly ledger: Ledger;
  readonly watch: LogWatch;
  readonly choices: Choices;
  /** Whether each run is decided again from its log, which takes as long as all the rest. */
  readonly isReplayed: boolean;
}

/** @returns what is wrong, or null */
export async function problemAtEnd(judged: Judged): Promise<string | null> {
  const { tables, ledger, watch } = judged;
  for (const [requestId, runId] of ledger.accepted) {
    if (runId === null) continue;
    const last = tables.eventsOf.get(runId)?.findLast(({ type }) => ENDS.has(type));
    if (last === undefined) return `the run of ${requestId} was accepted and has no end`;
  }
  const [unsettled] = watch.unsettled;
  if (unsettled !== undefined) return `${unsettled} has no outcome`;
  const [untold] = watch.untold;
  if (untold !== undefined) return `${untold} was settled, and no event says how`;
  const letter = tables.letters.find(({ source, name }) => !OF_REQUESTS.has(source) || name === 'submit');
  if (letter !== undefined) return `a message of ${letter.source} is a dead letter: ${letter.reason}`;
  for (const [runId, rows] of tables.eventsOf) {
    const problem =
      problemOfRun(runId, rows, judged) ?? (judged.isReplayed ? await replayed(runId, rows, tables) : null);
    if (problem !== null) return problem;
  }
  return null;
}

const readRow = ({ type, schemaVersion, data }: EventRow, tables: Tables): RunEvent => {
  const sha256 = /^\{"documentSha256":"([0-9a-f]{64})"/.exec(data)?.[1];
  const text = sha256 === undefined ? undefined : tables.documents.get(sha256);
  const document = sha256 === undefined || text === undefined ? {} : { document: { sha256, text } };
  return readEvent({ type, schemaVersion, dataText: data, ...document });
};

function problemOfRun(runId: string, rows: readonly EventRow[], judged: Judged): string | null {
  const events = rows.map((row) => readRow(row, judged.tables));
  const { state: whole, problem } = foldedStepByStep(runId, events);
  if (problem !== null) return problem;
  const from = events.findLastIndex(({ type }) => SNAPSHOTS.has(type));
  if (from > 0 && canonicalJson(stateToJson(whole)) !== canonicalJson(stateToJson(rebuild(events.slice(from)))))
    return `run ${runId} is another one when it is read from its newest state`;
  if (whole.status === 'new' || whole.status === 'running') return `run ${runId} is ${whole.status}`;
  return unbalanced(runId, events, whole, judged.choices) ?? untold(runId, events, judged.ledger);
}

/** As `rebuild` does it, with a look at the budget after each event: what is reserved is what the open commands may spend. */
function foldedStepByStep(runId: string, events: readonly RunEvent[]): { state: RunState; problem: string | null } {
  let state: RunState = initialState;
  let spent = 0;
  for (const event of events) {
    state = evolve(state, event);
    if (state.status === 'new') continue;
    const { microUsd, tokens } = reservedBy(state);
    if (state.reserved.microUsd !== microUsd || state.reserved.tokens !== tokens)
      return { state, problem: `run ${runId} has reserved ${state.reserved.tokens} tokens for ${tokens}` };
    if (state.spent.tokens < spent) return { state, problem: `run ${runId} has spent less after ${event.type}` };
    spent = state.spent.tokens;
  }
  return { state, problem: null };
}

function reservedBy({ commands }: StartedRun) {
  let [microUsd, tokens] = [0, 0];
  for (const { budget } of commands.values()) {
    if (budget === null) continue;
    microUsd += microUsdOf(budget.usd ?? 0, 'up');
    tokens += budget.tokens ?? 0;
  }
  return { microUsd, tokens };
}

/** What was used is what its workers said, each once; nothing is reserved any more. */
function unbalanced(runId: string, events: readonly RunEvent[], run: StartedRun, choices: Choices): string | null {
  const { microUsd: reservedUsd, tokens: reservedTokens } = run.reserved;
  if (run.commands.size > 0 || reservedUsd !== 0 || reservedTokens !== 0)
    return `run ${runId} has ended, and has open commands or something reserved in its state`;
  let tokens = 0;
  let microUsd = 0;
  const kinds = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'TaskScheduled') kinds.set(event.data.commandId, event.data.resource);
    const isResult = event.type === 'TaskSucceeded' || event.type === 'TaskFailed' || event.type === 'TaskSubmitted';
    if (!isResult || event.data.usage === undefined) continue;
    const { commandId, usage } = event.data;
    tokens += usage.inputTokens + usage.outputTokens;
    microUsd += Math.round((usage.costUsd ?? 0) * 1e6);
    const said = 100 + Math.floor(choices.draw(`tokens ${commandId}`) * 400);
    if (kinds.get(commandId)?.startsWith('baton:worker:costly') === true && usage.inputTokens !== said)
      return `${commandId} used ${said} tokens, and the log says ${usage.inputTokens}`;
  }
  const advised = events.some(({ type }) => type === 'AdviceGiven' || type === 'AdviceFailed');
  if (advised || SNAPSHOTS.has(events[0]?.type ?? '')) return null;
  return run.spent.tokens === tokens && Math.abs(run.spent.microUsd - microUsd) < 1
    ? null
    : `run ${runId} has spent ${run.spent.tokens} tokens, and its results say ${tokens}`;
}

/** The endpoint heard of each end and of each question, each under an id of its own. */
function untold(runId: string, events: readonly RunEvent[], ledger: Ledger): string | null {
  const ended = events.filter(({ type }) => ENDS.has(type)).length;
  const asked = events.filter(
    (event) => event.type === 'TaskScheduled' && event.data.resource === 'baton:approval',
  ).length;
  const heard = (type: string): number => ledger.heard.get(`${runId} ${type}`)?.size ?? 0;
  if (heard('run.finished') < ended) return `the webhook was not told of an end of run ${runId}`;
  return heard('approval.requested') < asked ? `the webhook was not told of a question of run ${runId}` : null;
}

async function replayed(runId: string, rows: readonly EventRow[], tables: Tables): Promise<string | null> {
  const read = async (of: string, toVersion: number) => ({
    events: (tables.eventsOf.get(of) ?? []).slice(0, toVersion).map((row) => readRow(row, tables)),
    before: 0,
  });
  const replay = new RunReplay(runId, { read });
  const facts = rows.map((row) => {
    const sha256 = /^\{"documentSha256":"([0-9a-f]{64})"/.exec(row.data)?.[1];
    const text = sha256 === undefined ? undefined : tables.documents.get(sha256);
    const document = sha256 === undefined || text === undefined ? {} : { document: { sha256, text } };
    return { ...row, dataText: row.data, actorText: row.actor, ...document };
  });
  const difference = (await replay.take(facts)) ?? (await replay.finish());
  if (difference !== null)
    return `run ${runId} is decided otherwise from its log: ${JSON.stringify(difference).slice(0, 600)}`;
  const other = replay.tallies.find(({ otherwise }) => otherwise > 0);
  return other === undefined ? null : `run ${runId}: ${JSON.stringify(other.example).slice(0, 600)}`;
}
