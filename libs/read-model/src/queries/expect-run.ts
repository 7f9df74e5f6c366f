import { Expectation, microUsdOf, type Outlook, type RunExpectation, type RunView, usdOf } from '@baton/contracts';
import { expectationOf, type FullOutcome, type History, outlookOf, type Progress, sizeClassOf } from '@baton/foresight';
import { type SqlBool, sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import { Histories, type Kind } from '../projection/histories.js';
import { MOST_VISITS } from '../projection/step-times.js';
import { MOST_STEPS } from '../run-view/run-fold.js';
import { type RunScope, runsInScope } from './run-scope.js';
import { stepHistory } from './step-history.js';

/** Behind everything that there is. */
const NOW = Number.MAX_SAFE_INTEGER;
/** No input has it: then nothing is from inputs of one size. */
const UNKNOWN_SIZE = -1;

/**
 * What a run of a workflow would take if it began now.
 *
 * @param scope only of the runs that whoever asks has to do with; all where it is null
 */
export async function expectWorkflow(
  connection: Connection,
  asked: { readonly workflow: string; readonly version: string | null; readonly inputBytes: number | null },
  scope: RunScope | null,
): Promise<Expectation> {
  const { workflow, version, inputBytes } = asked;
  const sizeClass = inputBytes === null ? UNKNOWN_SIZE : sizeClassOf(inputBytes);
  const kind = { workflow, version: version ?? '', sizeClass };
  return expectationOf(await historyOf(connection, kind, scope));
}

/**
 * What is expected of a run, and was when it began. That is on record, made of all runs of its workflow, and so not for those who
 * have to do with some runs alone.
 *
 * @param run as it is now
 */
export async function expectRun(
  connection: Connection,
  run: RunView,
  nowMs: number,
  scope: RunScope | null,
): Promise<RunExpectation> {
  const { runId, workflow, workflowVersion: version, status } = run;
  const row = await readRow(connection, runId);
  const kind = { workflow, version, sizeClass: row?.size_class ?? UNKNOWN_SIZE };
  const hasEnded = run.endedAt !== null;
  return {
    ...{ runId, workflow, version, status },
    atStart: row === undefined || scope !== null ? null : Expectation.parse(JSON.parse(row.expected)),
    now: hasEnded
      ? null
      : await outlook(connection, run, kind, { nowMs, scope, hasEndedBefore: row?.hasEnded === true }),
    outcome: hasEnded && row?.duration_ms != null ? outcomeOf(row) : null,
  };
}

const readRow = (connection: Connection, runId: string) =>
  readModel(connection, 'expected-run')
    .selectFrom('run_expectation')
    .select(['size_class', 'duration_ms', 'cost_micro_usd', 'is_success'])
    .select([sql<string>`expected::text`.as('expected'), sql<boolean>`ended_position is not null`.as('hasEnded')])
    .where('run_id', '=', runId)
    .executeTakeFirst();

type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>;

const outcomeOf = ({ duration_ms, cost_micro_usd, is_success }: Row): RunExpectation['outcome'] => ({
  durationMs: duration_ms ?? 0,
  costUsd: cost_micro_usd === null ? null : usdOf(cost_micro_usd),
  isSuccess: is_success === true,
});

async function outlook(
  connection: Connection,
  run: RunView,
  kind: Kind,
  {
    nowMs,
    scope,
    hasEndedBefore,
  }: { readonly nowMs: number; readonly scope: RunScope | null; readonly hasEndedBefore: boolean },
): Promise<Outlook> {
  if (run.forkedFrom !== null) return { status: 'not-comparable', why: 'forked' };
  if (hasEndedBefore) return { status: 'not-comparable', why: 'retried' };
  const since = (at: string): number => Math.max(0, nowMs - Date.parse(at));
  // What waits in the inbox has not begun.
  const elapsedMs = run.status === 'accepted' ? 0 : since(run.startedAt);
  const spentMicroUsd = run.usage.costUsd === null ? null : microUsdOf(run.usage.costUsd, 'up');
  const current = stepOf(run);
  const step: Progress['step'] =
    current === null
      ? null
      : {
          ...current,
          elapsedMs: since(current.startedAt),
          history: await stepHistory(connection, kind, current, scope),
        };
  return outlookOf(await historyOf(connection, kind, scope), { elapsedMs, spentMicroUsd, step });
}

async function historyOf(connection: Connection, kind: Kind, scope: RunScope | null): Promise<History<FullOutcome>> {
  const isSeen = scope === null ? null : sql<SqlBool>`h.run_id in (${runsInScope(connection, scope)})`;
  return (await Histories.load(connection, [kind], NOW, isSeen)).of(kind);
}

/** The state that it entered last and is in, where that is one that is kept. */
function stepOf({
  steps,
}: RunView): { readonly state: string; readonly visit: number; readonly startedAt: string } | null {
  if (steps.length >= MOST_STEPS) return null;
  const last = steps.findLast(({ status }) => status === 'waiting');
  if (last === undefined) return null;
  const visit = steps.slice(0, steps.lastIndexOf(last) + 1).filter(({ state }) => state === last.state).length;
  return visit > MOST_VISITS ? null : { state: last.state, visit, startedAt: last.startedAt };
}
