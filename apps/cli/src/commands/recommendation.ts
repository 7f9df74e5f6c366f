import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Estimate, type Example, type Recommendation, type RecommendationReport, toError } from '@baton/contracts';
import { stringify } from 'yaml';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration } from '../durations.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { shellWord } from '../shell-word.js';
import { formatFacts, printable } from '../table.js';
import { isWorkflow } from './meant-workflow.js';
import { shortId } from './run-shapes.js';
import { requireWorkflowName } from './workflow-names.js';

/** Which of the runs are looked at. */
export interface WindowOptions {
  readonly workflow?: string;
  readonly since?: string;
  readonly until?: string;
  readonly runs: number;
}

/** To try each policy on all of the runs takes a while. */
export const ANALYSIS_MS = 120_000;

const columns: Columns<Recommendation> = {
  headings: ['ID', 'KIND', 'N', 'SURE', 'DIFFERING', 'WHAT'],
  row: ({ id, kind, evidence, confidence, backtest, title }) => [
    id,
    kind,
    String(evidence.n),
    `${Math.floor(confidence * 100)} %`,
    backtest === null ? '-' : `${backtest.differing} of ${backtest.decisions}`,
    title,
  ],
};

async function reportOf(context: Context, options: WindowOptions): Promise<RecommendationReport> {
  const { workflow, since, until, runs } = options;
  const gateway = await gatewayOf(context);
  const params = { query: { workflow, since, until, runs } };
  const report = await gateway.get('/v1/recommendations', {
    ...{ params, signal: context.interrupted, timeoutMs: ANALYSIS_MS },
  });
  const { window } = report;
  if (window.runs === 0 && window.runsRead === 0 && workflow !== undefined) {
    await requireWorkflowName(gateway, workflow, context.interrupted);
  }
  return report;
}

export async function listRecommendations(context: Context, options: WindowOptions): Promise<ExitCode> {
  const report = await reportOf(context, options);
  const { io, format } = context;
  if (format === 'json') writeOne(io, format, report, () => []);
  else writeList(io, format, report.recommendations, columns, 'Nothing is recommended.');
  if (format !== 'table') return ExitCode.ok;
  for (const line of lookedLines(report)) writeLine(io.err, line);
  return ExitCode.ok;
}

/** What was looked at, also where nothing came of it: that is the difference between "all is well" and "nobody knows". */
function lookedLines({ window, looked }: RecommendationReport): readonly string[] {
  const { decisions, runs, runsRead, isCut } = window;
  return [
    `Looked at ${decisions} decisions of ${runs} runs, and at ${runsRead} runs as a whole${isCut ? '; older ones were left out (--runs)' : ''}.`,
    ...looked.map(
      ({ kind, what, looked: of, tooFew, least }) =>
        `  ${kind}: ${of} ${what}${of === 0 ? '' : `, ${tooFew} have too few (${least} are needed)`}`,
    ),
  ];
}

interface ShowOptions extends WindowOptions {
  readonly policyOut?: string;
}

export async function showRecommendation(context: Context, id: string, options: ShowOptions): Promise<ExitCode> {
  const { recommendations } = await reportOf(context, options);
  const [found, other] = recommendations.filter((each) => each.id.startsWith(id));
  if (found === undefined) {
    const gateway = await gatewayOf(context);
    if (await isWorkflow(gateway, id, context.interrupted)) {
      throw new NotFound(
        `There is no recommendation ${printable(id)}, but a workflow of that name.`,
        `See what is recommended for it with \`baton recommendation list --workflow ${printable(id.split('@')[0] ?? '')}\`.`,
      );
    }
    throw new NotFound(
      `No recommendation begins with ${id}.`,
      'See `baton recommendation list` with the same options: what the runs no longer say is no longer there.',
    );
  }
  if (other !== undefined) throw new UsageError(`Several begin with ${id}.`, 'Write more of the id.');
  if (options.policyOut !== undefined) await writePolicy(context, found, options.policyOut);
  writeOne(context.io, context.format, found, (each) => formatFacts(factsOf(each)));
  return ExitCode.ok;
}

function factsOf(each: Recommendation): readonly (readonly [string, string])[] {
  const { evidence, effect, change, policy, backtest } = each;
  return [
    ['id', each.id],
    ['what', each.title],
    ['why', each.why],
    [
      'sample',
      `${evidence.n}: ${Object.entries(evidence.counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    ],
    ...(evidence.observational === null
      ? []
      : ([['not by lot', `${evidence.observational.notAtRandom} of ${evidence.observational.runs} runs`]] as const)),
    ['sure', `in ${Math.floor(each.confidence * 100)} % of such cases at least`],
    ['effect', `${effectText(effect)}${effect.text}`],
    ['change', change === null ? 'none that can be named' : changeText(change)],
    ['policy', policy === null ? 'it is not about decisions' : JSON.stringify(policy)],
    ...(backtest === null ? [] : ([['back-test', backtestText(backtest)]] as const)),
    ['examples', evidence.examples.map(exampleText).join(', ') || '-'],
  ];
}

function effectText({ costUsd, ms, per }: Recommendation['effect']): string {
  const parts = [
    ...(costUsd === null ? [] : [`${estimate(costUsd, (usd) => usd.toFixed(4))} dollars`]),
    ...(ms === null ? [] : [estimate(ms, formatDuration)]),
  ];
  return parts.length === 0 ? '' : `${parts.join(' and ')} a ${per}. `;
}

/** A mean of what cannot be negative may have an interval that goes below nothing. */
const estimate = ({ mean, interval, n }: Estimate, show: (value: number) => string): string =>
  `${show(mean)} (${interval === null ? '' : `${show(Math.max(0, interval.low))} to ${show(interval.high)}, `}n ${n})`;

function changeText(change: NonNullable<Recommendation['change']>): string {
  if (change.in === 'setting') return `${change.name}=${change.value}`;
  const { op, path, value, workflow, version } = change;
  return `${workflow}@${version}: ${op} ${path}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`;
}

function backtestText({ runs, decisions, differing, first, counts }: NonNullable<Recommendation['backtest']>): string {
  const all = Object.entries(counts).filter(([, count]) => count > 0);
  return `${differing} of ${decisions} decisions in ${runs} runs would differ, ${first} of them as the first of their run (${all.map(([result, count]) => `${count} ${result}`).join(', ')})`;
}

const exampleText = ({ runId, version }: Example): string =>
  version === null ? shortId(runId) : `${shortId(runId)} event ${version}`;

/** The policy, and how to try it. A file that is there is left alone. */
async function writePolicy({ env, io }: Context, each: Recommendation, file: string): Promise<void> {
  const { policy, backtest, id, title } = each;
  if (policy === null) {
    throw new UsageError(`${id} has no policy: it is not about decisions.`, 'Leave --policy-out out.');
  }
  const words =
    backtest === null
      ? []
      : Object.entries({ workflow: backtest.workflow, since: backtest.since, until: backtest.until });
  const scope = words.flatMap(([name, value]) => (value === null ? [] : [`--${name} ${shellWord(value)}`]));
  const hint = `baton decisions backtest --policy ${shellWord(file)} ${scope.join(' ')}`;
  const comments = [`${id}: ${title}`, hint].map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`);
  try {
    await writeFile(resolve(env.workingDirectory, file), `${comments.join('')}${stringify(policy)}`, { flag: 'wx' });
  } catch (thrown) {
    throw new UsageError(`${file} cannot be written: ${toError(thrown).message}.`, 'Name a new file.', thrown);
  }
  writeLine(io.err, `Try it on the same decisions: \`${hint}\``);
}
