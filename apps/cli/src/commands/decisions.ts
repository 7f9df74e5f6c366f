import { GatewayRefused, listUpTo, type operations } from '@baton/client';
import { type BacktestReport, type DecisionView, JsonObject, type JudgeList, toError } from '@baton/contracts';
import { parse } from 'yaml';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration, timeOf } from '../durations.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { parseText, readNamedFile } from '../requirements-file.js';
import { formatTable } from '../table.js';
import { shortId } from './run-shapes.js';
import { tellMore } from './tell-more.js';
import { requireWorkflowName } from './workflow-names.js';

/** Which decisions are looked at. */
export interface ScopeOptions {
  readonly workflow?: string;
  readonly since?: string;
  readonly until?: string;
}

type Filters = NonNullable<operations['listDecisions']['parameters']['query']>;

export interface ListOptions extends ScopeOptions {
  readonly run?: string;
  // Typed by a person, and checked by the gateway.
  readonly source?: Filters['source'];
  readonly classification?: Filters['classification'];
  readonly action?: Filters['actionType'];
  readonly point?: Filters['point'];
  readonly limit: number;
  readonly after?: string;
}

const PAGE = 100;

const columns: Columns<DecisionView> = {
  headings: [
    ...[
      'TIME',
      'RUN',
      'EVENT',
      'POINT',
      'CLASS',
      'SOURCE',
      'ACTION',
      'TARGET',
      'ADVISOR',
      'CONF',
      'WAIT',
      'USD',
      'REASON',
    ],
  ],
  row: (each) => [
    timeOf(each.decidedAt),
    shortId(each.runId),
    String(each.version),
    `${each.point.kind} ${each.point.state}`,
    each.classification,
    each.source,
    each.recoveryStrategy === null ? each.actionType : `${each.actionType} (${each.recoveryStrategy})`,
    each.target ?? '-',
    advisorOf(each),
    each.confidence === null ? '-' : each.confidence.toFixed(2),
    each.latencyMs === 0 ? '-' : formatDuration(each.latencyMs),
    each.costUsd === null ? 'not known' : each.costUsd.toFixed(4),
    reasonOf(each),
  ],
};

/** The ids of the moves that amount to what was decided. */
const movesOf = ({ target, actionType, recoveryStrategy }: DecisionView): readonly (string | null)[] => [
  target === null ? null : `go:${target}`,
  recoveryStrategy === null ? null : `retry:${recoveryStrategy}`,
  actionType === 'request_human' ? 'human' : null,
  actionType === 'fail' ? 'fail' : null,
];

/** Whether an advisor was asked, and whether it was of the same mind as the rule. */
function advisorOf(each: DecisionView): string {
  const { source, shadow, confidence } = each;
  if (shadow !== null) {
    if (shadow.move === null) return 'said nothing';
    return movesOf(each).includes(shadow.move) ? 'agreed' : 'disagreed';
  }
  if (source === 'llm_override') return 'overruled the rule';
  if (source === 'programmatic_fallback') return 'not followed';
  return confidence === null ? '-' : 'agreed';
}

/** Why it was decided so; and why the rule or the advice did not have the word. */
function reasonOf({ conflictReason, adviceRejected, shadow, rationale }: DecisionView): string {
  if (adviceRejected !== null) return `${rationale}; advice not followed: ${adviceRejected}`;
  if (conflictReason !== null) return conflictReason;
  if (shadow === null) return rationale;
  const aside = shadow.move === null ? `no advice in shadow: ${shadow.problem ?? ''}` : `in shadow: ${shadow.move}`;
  return `${rationale}; ${aside}`;
}

export async function listDecisions(context: Context, options: ListOptions): Promise<ExitCode> {
  const { limit, action, run, workflow, source, classification, point, since, until, after } = options;
  const gateway = await gatewayOf(context);
  const asked = { run, workflow, source, classification, actionType: action, point, since, until };
  const { items: decisions, next } = await listUpTo({
    ask: async (page) => {
      const params = { query: { ...asked, ...page } };
      const answer = await gateway.get('/v1/decisions', { params, signal: context.interrupted });
      return { items: answer.decisions, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  if (decisions.length === 0) await requireScope(gateway, workflow, context.interrupted);
  writeList(context.io, context.format, decisions, columns, 'There is no such decision.');
  const filters = Object.entries({ run, workflow, source, classification, action, point, since, until, limit });
  tellMore(context, 'decisions list', filters, next);
  return ExitCode.ok;
}

/** Nothing was found: that must not come from a workflow that is misspelt. */
const requireScope = async (gateway: Gateway, workflow: string | undefined, signal: AbortSignal): Promise<void> =>
  workflow === undefined ? undefined : requireWorkflowName(gateway, workflow, signal);

const judgeColumns: Columns<JudgeList['judges'][number]> = {
  headings: ['TEMPLATE', 'VARIANT', 'MODEL', 'N', 'AGREEMENT', 'KAPPA', 'FALSE PASSES', 'FALSE ALARMS'],
  row: (each) => [
    each.template ?? '-',
    each.variant ?? '-',
    each.model ?? '-',
    String(each.n),
    `${(each.agreement * 100).toFixed(1)} %`,
    each.kappa === null ? `not defined: ${each.kappaUndefined ?? ''}` : each.kappa.toFixed(3),
    String(each.falsePasses),
    String(each.falseAlarms),
  ],
};

export async function listJudges(context: Context, { workflow, since, until }: ScopeOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const params = { query: { workflow, since, until } };
  const { judges } = await gateway.get('/v1/decisions/judges', { params, signal: context.interrupted });
  if (judges.length === 0) await requireScope(gateway, workflow, context.interrupted);
  const nothing = 'No decision has both a verdict of a model and tools to hold it to.';
  writeList(context.io, context.format, judges, judgeColumns, nothing);
  return ExitCode.ok;
}

export interface BacktestOptions extends ScopeOptions {
  readonly policy: string;
}

export async function backtest(context: Context, options: BacktestOptions): Promise<ExitCode> {
  const { policy, workflow, since, until } = options;
  const body = await readPolicy(context, policy);
  const gateway = await gatewayOf(context);
  const total = { runs: 0, decisions: 0, counts: emptyCounts() };
  const differing: BacktestReport['differing'] = [];
  let cursor: string | undefined;
  do {
    const page: BacktestReport = await gateway
      .post('/v1/decisions/backtest', {
        params: { query: { workflow, since, until, cursor } },
        body,
        signal: context.interrupted,
        timeoutMs: 120_000,
      })
      .catch((thrown: unknown) => {
        throw ofPolicy(thrown, policy);
      });
    total.runs += page.runs;
    total.decisions += page.decisions;
    for (const [result, count] of Object.entries(page.counts)) {
      total.counts[result] = (total.counts[result] ?? 0) + count;
    }
    // Lines go out as they come: a long log needs no memory here either.
    if (context.format === 'jsonl') for (const each of page.differing) writeLine(context.io.out, JSON.stringify(each));
    else differing.push(...page.differing);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  if (total.runs === 0) await requireScope(gateway, workflow, context.interrupted);
  if (context.format !== 'jsonl') writeOne(context.io, context.format, { ...total, differing }, backtestLines);
  if (context.format === 'table') writeLine(context.io.err, summaryOf(total));
  return ExitCode.ok;
}

/** What is wrong with the policy is said of the file that it stands in. */
function ofPolicy(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof GatewayRefused) || thrown.code !== 'invalid-body') return thrown;
  const { status, code, errors } = thrown;
  const detail = `${name === '-' ? 'What stands on stdin' : name} is not a policy.`;
  const next = 'Write an object in YAML or JSON with mode, thresholds, maxRounds or recovery.';
  return new GatewayRefused({ status, code, detail, errors, next });
}

async function readPolicy({ env, io }: Context, name: string): Promise<JsonObject> {
  const limit = 64 * 1024;
  const place = { workingDirectory: env.workingDirectory, readStdin: io.readStdin, limit };
  const text = parseText(await readNamedFile(name, place), name, limit);
  try {
    return JsonObject.parse(parse(text));
  } catch (thrown) {
    throw new UsageError(
      `${name} holds no policy: ${toError(thrown).message.split('\n')[0]}`,
      'Write an object in YAML or JSON with mode, thresholds, maxRounds or recovery.',
      thrown,
    );
  }
}

type Differing = BacktestReport['differing'][number];

function backtestLines({ differing }: { readonly differing: readonly Differing[] }, width: number): readonly string[] {
  if (differing.length === 0) return [];
  const headings = ['RUN', 'EVENT', 'POINT', 'RESULT', 'OLD', 'NEW', 'WHY'];
  const rows = differing.map((each) => [
    shortId(each.runId),
    String(each.version),
    `${each.point.kind} ${each.point.state}`,
    `${each.result}${each.isBeyondDifference ? ' *' : ''}`,
    outcomeOf(each.before),
    each.after === null ? '?' : outcomeOf(each.after),
    each.note || (each.after?.rationale ?? ''),
  ]);
  return formatTable(headings, rows, width);
}

const outcomeOf = (decided: Differing['before']): string =>
  `${decided.target ?? decided.actionType}${decided.recoveryStrategy === null ? '' : ` (${decided.recoveryStrategy})`}, ` +
  `${decided.classification}, ${decided.source}`;

function summaryOf(total: { readonly runs: number; readonly decisions: number; readonly counts: object }): string {
  const counts = Object.entries(total.counts).filter(([, count]) => count > 0);
  const parts = counts.map(([result, count]) => `${count} ${result}`).join(', ');
  return `${total.runs} runs, ${total.decisions} decisions${parts === '' ? '' : `: ${parts}`}. * after an earlier other-move of its run.`;
}

const emptyCounts = (): Record<string, number> => ({});
