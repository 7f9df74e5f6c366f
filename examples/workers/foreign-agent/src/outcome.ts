import { BatonError } from '@baton/contracts';
import { type Execution, endingOf } from '@baton/sandbox';
import { type BlobStore, diffTrees, getFile, getTree, putTree, type Tree, textOf } from '@baton/workspace';
import { z } from 'zod';
import type { AgentSettings } from './env.ts';
import type { Ground } from './ground.ts';
import { type ReadReport, Report } from './report.ts';
import type { AgentRun } from './run-agent.ts';
import { askedOf, type Deliverable, type DeliverableFile, type ForeignTask } from './task.ts';

/** What came of a run of the agent, as it is noted: whoever finds it need not run the agent again. */
export const Outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), tree: z.string(), notes: z.string(), report: Report }),
  z.object({ status: z.literal('failed'), cause: z.string(), report: Report }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** What Baton's validator takes of a deliverable. */
const MAX_FILES = 200;
const MAX_TOTAL_BYTES = 1024 * 1024;
const MAX_LEFT_OUT = 20;
const LAST_LINES = 15;
const MAX_LAST_LENGTH = 2_000;
const NO_ANSWER = 'No answer was given.';

/** Reads what an agent did, and stores the version that it made. What it says itself decides nothing. */
export async function outcomeOf(
  { execution, tree, leftOut }: AgentRun,
  { report, problem }: ReadReport,
  ground: Ground,
  {
    settings,
    warning,
    store,
  }: { readonly settings: AgentSettings; readonly warning: string | null; readonly store: BlobStore },
): Promise<Outcome> {
  const failed = (why: string): Outcome => ({
    status: 'failed',
    cause: [`The agent ${settings.name} ${why}.`, ...lastLines(execution)].join('\n'),
    report,
  });
  const ending = endingOf(execution.record);
  if (ending !== null) return failed(`did not end by itself: ${ending}`);
  if (execution.record.exitCode !== 0) return failed(`ended with exit code ${execution.record.exitCode ?? 'none'}`);
  const changes = diffTrees(ground.base, tree);
  if (changes.length === 0) return failed('changed nothing');
  const files = await changedTexts(ground.base, tree, store);
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (files.length > MAX_FILES) return failed(`changed ${files.length} files, and at most ${MAX_FILES} are taken`);
  if (bytes > MAX_TOTAL_BYTES)
    return failed(`changed files of ${bytes} bytes, and at most ${MAX_TOTAL_BYTES} are taken`);
  const notes = [
    warning ?? 'It worked in the sandbox, without a network.',
    report.notes ?? ['It said nothing of its work.', ...lastLines(execution)].join('\n'),
    ...(problem === null ? [] : [problem]),
    ...leftOut.slice(0, MAX_LEFT_OUT).map(({ path, reason }) => `${path} is no part of the result: ${reason}.`),
    ...(leftOut.length > MAX_LEFT_OUT ? [`${leftOut.length - MAX_LEFT_OUT} more are none.`] : []),
  ].join('\n');
  return { status: 'done', tree: await putTree(store, tree), notes, report };
}

/** What cannot come right in the same way: its sentence is the cause. Whatever else is thrown is a fault of the machine. */
export function outcomeOfRefusal(thrown: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted || !(thrown instanceof BatonError) || !REFUSALS.has(thrown.code)) throw thrown;
  return { status: 'failed', cause: `${thrown.message} ${thrown.next ?? ''}`.trim(), report: { answers: [] } };
}

const REFUSALS: ReadonlySet<string> = new Set(['workspace-too-large', 'workspace-not-found', 'tree-invalid']);

/** The result as a programmer of Baton hands it in. */
export async function deliverableOf(
  task: ForeignTask,
  { tree: version, notes, report }: Extract<Outcome, { readonly status: 'done' }>,
  ground: Ground,
  { settings, store }: { readonly settings: AgentSettings; readonly store: BlobStore },
): Promise<Deliverable> {
  const { language } = task;
  const answered = new Set(report.answers.map(({ to }) => to));
  return {
    files: await changedTexts(ground.base, await getTree(store, version), store),
    ...(ground.baseVersion === null ? {} : { workspace: { base: ground.baseVersion, tree: version } }),
    notes,
    testCommand: task.code?.testCommand || task.testCommand || settings.testCommand || TEST_COMMANDS[language],
    language,
    writtenBy: [...new Set([settings.name, ...authorsBefore(task)])].join(' and '),
    answers: [
      ...report.answers,
      ...askedOf(task).flatMap((to) => (answered.has(to) ? [] : [{ to, answer: NO_ANSWER }])),
    ],
  };
}

const TEST_COMMANDS = { typescript: 'node --test', python: 'python3 -m unittest' } as const;

/** An author is never dropped; what only the arguments call the work of the offline model may be anybody's. */
function authorsBefore({ code, files, workspace }: ForeignTask): readonly string[] {
  if (code !== undefined) return code.writtenBy === undefined ? ['unknown'] : authorsIn(code.writtenBy);
  return files.length > 0 && (workspace === null || workspace === undefined) ? ['input'] : [];
}

const authorsIn = (names: string): readonly string[] =>
  names.split(' and ').map((name) => (name === 'offline' ? 'unknown' : name));

async function changedTexts(base: Tree, tree: Tree, store: BlobStore): Promise<DeliverableFile[]> {
  const files: DeliverableFile[] = [];
  for (const { path, after } of diffTrees(base, tree)) {
    const content = after === null ? null : textOf(await getFile(store, after));
    if (content !== null) files.push({ path, content });
  }
  return files;
}

/** The end of what it printed, of both streams. */
function lastLines({ stdout, stderr }: Execution): readonly string[] {
  const ends = [stdout, stderr].map((text) =>
    text.trimEnd().split('\n').slice(-LAST_LINES).join('\n').slice(-MAX_LAST_LENGTH),
  );
  const said = ends.filter((text) => text !== '').join('\n');
  return said === '' ? [] : [`It last printed:\n${said}`];
}
