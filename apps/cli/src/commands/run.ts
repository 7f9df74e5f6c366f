import { listUpTo } from '@baton/client';
import { type DecisionMode, type RunResult, type RunStatus } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { runnableHere, workspaceOf } from '../deliverable.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { writeLine, writeList, writeOne } from '../output.js';
import { formatTable } from '../table.js';
import { runExpectationText } from './expectation-words.js';
import { expectedOfRun } from './expectations.js';
import { knowledgeLines } from './knowledge-lines.js';
import { parseLabels } from './run-input.js';
import { runColumns, runLines } from './run-shapes.js';
import { tellMore } from './tell-more.js';
import type { WatchOptions } from './watch-options.js';
import { exitOf, getResult, getRun, watchRun } from './watch-run.js';
import { requireWorkflowName } from './workflow-names.js';
import { showBranch, showFolder, showPatch } from './workspace/results.js';
import { writeResult } from './write-result.js';

export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly status?: RunStatus;
  readonly workflow?: string;
  readonly mode?: DecisionMode;
  readonly label?: readonly string[];
}

/** The filters as the gateway takes them. */
function filtersOf({ status, workflow, mode, label = [] }: ListOptions) {
  const labels = Object.entries(parseLabels(label)).map(([name, value]) => `${name}=${value}`);
  return { status, workflow, mode, label: labels };
}

/** As they are typed. */
const typed = ({ label, ...filters }: ReturnType<typeof filtersOf>) => [
  ...Object.entries(filters).filter(([, value]) => value !== undefined),
  ...label.map((each) => ['label', each] as const),
];

const PAGE = 100;

export async function listRuns(context: Context, options: ListOptions): Promise<ExitCode> {
  const { limit, workflow, after } = options;
  const filters = filtersOf(options);
  const gateway = await gatewayOf(context);
  const { items: runs, next } = await listUpTo({
    ask: async (page) => {
      const params = { query: { ...filters, ...page } };
      const answer = await gateway.get('/v1/runs', { params, signal: context.interrupted });
      return { items: answer.runs, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  if (runs.length === 0 && after === undefined && workflow !== undefined)
    await requireWorkflowName(gateway, workflow, context.interrupted);
  const nothing =
    typed(filters).length === 0 ? 'There are no runs. Submit one with `baton run submit`.' : 'No run is like that.';
  writeList(context.io, context.format, runs, runColumns(context.nowMs()), nothing);
  tellMore(context, 'run list', [...typed(filters), ['limit', limit]], next);
  return ExitCode.ok;
}

export async function showRun(context: Context, id: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const run = await getRun(gateway, id, context.interrupted);
  const found = context.format === 'table' ? await expectedOfRun(gateway, run.runId, context.interrupted) : null;
  const expected = found === null ? '' : runExpectationText(found);
  writeOne(context.io, context.format, run, (each, width) => runLines(each, context.nowMs(), width, expected));
  return ExitCode.ok;
}

export async function watch(context: Context, id: string, options: WatchOptions): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId, version } = await getRun(gateway, id, context.interrupted);
  return watchRun(context, gateway, { runId, seen: version }, options);
}

export interface ResultOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly patch?: boolean;
  readonly branch?: string;
  readonly repo?: string;
  readonly personal?: boolean;
}

function checkResultOptions({ out, force, patch, branch, repo }: ResultOptions): void {
  const ways = [out, patch, branch].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UsageError('--out, --patch and --branch exclude each other.', 'Give one of them.');
  if (force === true && out === undefined) {
    throw new UsageError('--force has no meaning without --out.', 'Give --out DIR, too.');
  }
  if (repo !== undefined && branch === undefined) {
    throw new UsageError('--repo has no meaning without --branch.', 'Give --branch NAME, too.');
  }
}

export async function showResult(context: Context, id: string, options: ResultOptions): Promise<ExitCode> {
  checkResultOptions(options);
  const { out, patch, branch, repo = '.' } = options;
  const gateway = await gatewayOf(context);
  const { runId, workflow } = await getRun(gateway, id, context.interrupted);
  const result = await getResult(gateway, runId, context.interrupted, options.personal === true ? 'open' : undefined);
  const handed = result.output ?? result.unfinished;
  const isWritten = out !== undefined || patch !== undefined || branch !== undefined;
  if (handed === null || !isWritten) exitOf(result);
  if (result.output === null && handed !== null) {
    writeLine(context.io.err, 'The run did not succeed: these are the files of its last round.');
  }
  const run = { runId, workflow };
  if (patch === true) await showPatch(context, gateway, run);
  else if (branch !== undefined) await showBranch(context, gateway, { ...run, branch, repo });
  else if (out === undefined) {
    // The output is JSON whatever the format: nothing is left out of it for the sake of a table.
    writeLine(context.io.out, JSON.stringify(result.output, null, context.format === 'jsonl' ? 0 : 2));
  } else {
    const made = workspaceOf(handed);
    if (made !== null) await showFolder(context, gateway, { ...run, made, out });
    else await showFiles(context, { runId, output: handed, out, force: options.force === true });
  }
  if (context.format === 'table') writeKnowledge(context, result);
  return exitOf(result);
}

/** Beside the result, and not in it: whoever pipes the result on gets the result. */
function writeKnowledge({ io }: Context, { knowledge }: RunResult): void {
  for (const line of knowledgeLines(knowledge, io.err.width)) writeLine(io.err, line);
}

async function showFiles(context: Context, options: Parameters<typeof writeResult>[1]): Promise<void> {
  const written = await writeResult(context.env, options);
  writeOne(context.io, context.format, written, ({ files }) =>
    formatTable(
      ['FILE'],
      files.map((file) => [file]),
    ).slice(1),
  );
  if (context.format !== 'table') return;
  writeLine(context.io.err, `Wrote ${written.files.length} files to ${written.outDir}.`);
  if (written.testCommand === null) return;
  const command = runnableHere(written.testCommand, process.execPath);
  writeLine(context.io.err, `Run its tests there with \`${command}\`.`);
}
