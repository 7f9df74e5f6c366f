import type { RunView, Usage, Verification } from '@baton/contracts';
import { formatUsage } from '../commands/run-shapes.js';
import { runnableHere } from '../deliverable.js';
import { formatDuration } from '../durations.js';
import type { ToolReport } from '../progress/facts.js';
import { formatRound, formatTools } from '../progress/lines.js';
import type { Progress } from '../progress/progress.js';
import { formatFacts } from '../table.js';
import { OFFLINE_EXPLAINED } from '../up/model-mode.js';

/** The one object of `demo --json`; its fields are part of the public surface. */
export interface DemoResult {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunView['status'];
  readonly model: string;
  readonly rounds: Readonly<Record<string, number>>;
  readonly steps: readonly {
    readonly state: string;
    readonly step: number;
    readonly attempt: number;
    readonly status: string;
    readonly durationMs: number | null;
  }[];
  readonly decisions: { readonly bySource: Readonly<Record<string, number>> };
  readonly scores: RunView['scores'];
  readonly events: number;
  readonly verified: boolean;
  readonly outDir: string | null;
  readonly usage: Usage;
}

const modelWord = (models: readonly string[]): string => models.join(', ');

/** Phases that were never reached count no round. */
const roundsOf = (run: RunView, progress: Progress | null): Readonly<Record<string, number>> => ({
  ...Object.fromEntries((progress?.phases ?? []).map((phase) => [phase, 0])),
  ...run.rounds,
});

export function demoResult({ run, verification, progress, written }: Report): DemoResult {
  const numbered = run.steps.flatMap(({ step, ...rest }) => (step === null ? [] : [{ step, ...rest }]));
  const steps = numbered.map(({ state, step, attempt, status, durationMs }) => ({
    state,
    step,
    attempt,
    status,
    durationMs,
  }));
  return {
    runId: run.runId,
    workflow: run.workflow,
    status: run.status,
    model: modelWord(run.models),
    rounds: roundsOf(run, progress),
    steps,
    decisions: { bySource: run.decisions.bySource },
    scores: run.scores,
    events: run.version,
    verified: verification.verified,
    outDir: written?.outDir ?? null,
    usage: run.usage,
  };
}

/** What was put on disk. */
export interface Written {
  readonly outDir: string;
  readonly files: readonly string[];
  readonly testCommand: string | null;
  /** Where the folder is a copy of a repository: the branch with what the run made. */
  readonly branch?: string;
}

export interface Report {
  readonly run: RunView;
  readonly verification: Verification;
  readonly progress: Progress | null;
  readonly written: Written | null;
}

const verdict = ({ verified, events, problem }: Verification): string =>
  verified ? `yes: ${events} events, every hash and number checked` : `NO: ${problem ?? 'unknown problem'}`;

const roundsLines = ({ progress }: Report): readonly string[] =>
  (progress?.rounds ?? []).map((round) => `  ${formatRound(round)}`);

const lastTools = (reports: readonly ToolReport[]): string | null => {
  const last = reports.at(-1);
  return last === undefined ? null : formatTools(last);
};

const wordsOf = (record: Readonly<Record<string, number>>): string =>
  Object.entries(record)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const wrote = (written: Written | null, outDirShown: string | null): readonly (readonly [string, string])[] => {
  if (written === null || outDirShown === null) return [];
  const count = `${written.files.length} ${written.files.length === 1 ? 'file' : 'files'} in ${outDirShown}`;
  const { testCommand, branch } = written;
  const checkout = branch === undefined ? '' : ` && git checkout -q ${branch}`;
  return [
    ['files', branch === undefined ? count : `${count}, on the branch ${branch}`],
    ...(testCommand === null
      ? []
      : [['test them', `cd ${outDirShown}${checkout} && ${runnableHere(testCommand, process.execPath)}`] as const]),
  ];
};

/** What a person saw, once everything has stopped. `outDirShown` is the folder as the reader would name it. */
export function reportLines(report: Report, outDirShown: string | null): readonly string[] {
  const { run, verification, progress, written } = report;
  const took = run.endedAt === null ? '' : ` in ${formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}`;
  const model = modelWord(run.models);
  const tools = lastTools(progress?.toolReports ?? []);
  const facts: readonly (readonly [string, string])[] = [
    ['run', `${run.runId} ${run.status}${took}`],
    ['workflow', `${run.workflow}@${run.workflowVersion}`],
    ['model', model === 'offline' ? OFFLINE_EXPLAINED : model],
    ['usage', formatUsage(run.usage)],
    ['decisions', wordsOf(run.decisions.bySource) || 'none'],
    ['rounds', wordsOf(roundsOf(run, progress)) || 'none'],
    ...(tools === null ? [] : [['tools', tools] as const]),
    ['log verified', verdict(verification)],
    ...wrote(written, outDirShown),
    ['replay it', `npm start, then in another terminal: \`baton replay ${run.runId.slice(0, 8)}\``],
  ];
  const rounds = roundsLines(report);
  return ['', ...formatFacts(facts), ...(rounds.length === 0 ? [] : ['', 'Rounds:', ...rounds])];
}
