import type { Calibration, QuantileCalibration, RunExpectation, WorkflowExpectation } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration } from '../durations.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeOne } from '../output.js';
import { formatFacts, formatTable } from '../table.js';
import { expectationText, runExpectationText } from './expectation-words.js';
import { aboutRun } from './meant-workflow.js';
import { requireWorkflow, requireWorkflowName } from './workflow-names.js';

export interface ExpectOptions {
  readonly workflow?: string;
  readonly inputBytes?: number;
}

export async function showExpectation(
  context: Context,
  id: string | undefined,
  { workflow: ref, inputBytes }: ExpectOptions,
): Promise<ExitCode> {
  if ((id === undefined) === (ref === undefined)) {
    throw new UsageError('Which run is it about?', 'Give the id of a run, or --workflow NAME.');
  }
  if (ref === undefined && inputBytes !== undefined) {
    throw new UsageError('--input-bytes has no meaning with a run.', 'Leave it out: the size of its input is known.');
  }
  const gateway = await gatewayOf(context);
  if (id !== undefined) {
    const asked = { id, command: 'foresight expect --workflow', signal: context.interrupted };
    const found = await aboutRun(gateway, asked, () => expectationOfRun(gateway, id, context.interrupted));
    writeOne(context.io, context.format, found, linesOfRun);
    return ExitCode.ok;
  }
  const [workflow = '', version] = (ref ?? '').split('@');
  const query = { workflow, version, inputBytes };
  const found = await gateway.get('/v1/foresight/expectations', { params: { query }, signal: context.interrupted });
  if (found.expectation.sampleSize === 0) await requireWorkflow(gateway, workflow, context.interrupted);
  writeOne(context.io, context.format, found, linesOfWorkflow);
  return ExitCode.ok;
}

const expectationOfRun = (gateway: Gateway, id: string, signal: AbortSignal): Promise<RunExpectation> =>
  gateway.get('/v1/foresight/expectations/{id}', { params: { path: { id } }, signal });

function linesOfRun(found: RunExpectation, width: number): readonly string[] {
  const { runId, workflow, version, status, atStart, outcome } = found;
  const came =
    outcome === null ? '' : `${formatDuration(outcome.durationMs)}, ${outcome.isSuccess ? 'succeeded' : 'failed'}`;
  const facts = [
    ['run', runId],
    ['workflow', `${workflow}@${version}`],
    ['status', status],
    ['at the start', atStart === null ? 'not on record for you' : expectationText(atStart)],
    ['now', found.now === null ? '' : runExpectationText(found)],
    ['came', came],
  ] as const;
  return formatFacts(
    facts.filter(([, value]) => value !== ''),
    width,
  );
}

function linesOfWorkflow({ workflow, expectation, steps }: WorkflowExpectation, width: number): readonly string[] {
  const facts = formatFacts(
    [
      ['workflow', workflow],
      ['a run', expectationText(expectation)],
    ],
    width,
  );
  if (steps.length === 0) return facts;
  const rows = steps.map(({ state, sampleSize, durationMs: { p10, p50, p90 } }) => [
    state,
    ...[p10, p50, p90].map(formatDuration),
    String(sampleSize),
  ]);
  return [...facts, '', ...formatTable(['STATE', 'P10', 'P50', 'P90', 'RUNS'], rows, width)];
}

export async function showCalibration(
  context: Context,
  { workflow }: { readonly workflow?: string },
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const params = { query: { workflow } };
  const report = await gateway.get('/v1/foresight/calibration', { params, signal: context.interrupted });
  if (report.total.ended === 0 && workflow !== undefined) {
    await requireWorkflowName(gateway, workflow, context.interrupted);
  }
  writeOne(context.io, context.format, report, ({ total, workflows }, width) => {
    const rows = workflows.map((each) => calibrationRow(each, each.workflow ?? ''));
    const all = workflows.length > 1 ? [calibrationRow(total, 'all')] : [];
    return formatTable(HEADINGS, [...rows, ...all], width);
  });
  if (context.format !== 'table') return ExitCode.ok;
  const { err } = context.io;
  writeLine(
    err,
    'IN P10-P90 should be 80 %, OFF BY is the factor that half of the runs stay within, and BRIER should be below that of the mean.',
  );
  if (report.isCut) writeLine(err, `Only the newest ${report.most} runs were looked at.`);
  return ExitCode.ok;
}

const HEADINGS = [
  'WORKFLOW',
  'RUNS',
  'TOO EARLY',
  'IN P10-P90',
  'OFF BY',
  'COST IN P10-P90',
  'SUCCESS',
  'BRIER',
  'OF MEAN',
];

const calibrationRow = ({ ended, notEnough, duration, cost, success }: Calibration, name: string): string[] => [
  name,
  String(ended),
  String(notEnough),
  coverageText(duration),
  duration.medianFactor === null ? '-' : `${duration.medianFactor.toFixed(2)}x`,
  coverageText(cost),
  success.actual === null ? '-' : `${percent(success.expected)} said, ${percent(success.actual)} came`,
  figure(success.brier),
  figure(success.brierOfMean),
];

const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(100 * share)} %`);
const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));

const coverageText = ({ n, coverage, coverageLow, coverageHigh }: QuantileCalibration): string =>
  coverage === null ? '-' : `${percent(coverage)} (${percent(coverageLow)} to ${percent(coverageHigh)}) of ${n}`;

/** In a line, for whoever looks at a run or begins one: nothing where it cannot be said, whatever the reason. */
export async function expectedOfRun(gateway: Gateway, id: string, signal: AbortSignal): Promise<RunExpectation | null> {
  try {
    return await expectationOfRun(gateway, id, signal);
  } catch {
    return null;
  }
}

/** The same of a run that is yet to begin. */
export async function expectedOfSubmission(
  gateway: Gateway,
  submission: { readonly workflow: string; readonly input: unknown },
  signal: AbortSignal,
): Promise<string | null> {
  const [workflow = '', version] = submission.workflow.split('@');
  const inputBytes = Buffer.byteLength(JSON.stringify(submission.input));
  const params = { query: { workflow, version, inputBytes } };
  try {
    const { expectation } = await gateway.get('/v1/foresight/expectations', { params, signal });
    return expectation.status === 'known' ? expectationText(expectation) : null;
  } catch {
    return null;
  }
}
