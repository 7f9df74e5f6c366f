import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { type Execution, endingOf } from '@baton/sandbox';
import { diffTrees, getFile, readBack, type Stamps, type Tree } from '@baton/workspace';
import type { Ran, Shell } from '../../loop/tools/shell.js';
import { throwIfAborted } from '../../task/or-failure.js';
import type { OpenWorkspace } from '../../workbench/on-workspace.js';
import type { Workbench } from '../../workbench/workbench.js';
import type { CheckSettings } from './checks.js';
import { onCopy, type Work } from './on-copy.js';
import { runTool } from './tool.js';
import { judgedBy } from './workspace-checks.js';

/** What is kept of stdout and of stderr, each. */
const KEPT_BYTES = 1024 * 1024;
const MOST_LEFT_OUT = 10;

/**
 * Lets a model run commands of its own on the files of a bench: on a copy, in the sandbox. What they change is made on the
 * bench afterwards, by its rules, so that nothing else than files comes there.
 *
 * @returns null where there is no sandbox, whatever else may be executed
 */
export async function shellOn(
  bench: Workbench,
  workspace: OpenWorkspace | null,
  settings: CheckSettings,
  { language, runId }: { readonly language: Work['input']['language']; readonly runId: string },
): Promise<Shell | null> {
  const { sandbox, executes } = await settings.sandbox();
  if (sandbox.driver !== 'bwrap' || executes !== 'anything') return null;
  const store = settings.blobs;
  const input = { language, files: [], testCommand: '', executionRefused: null, knownFailures: [] };
  return {
    store,
    runId,
    run: async (command, timeoutMs, signal) => {
      const { tree } = await readBack(bench.root, workspace?.from ?? [], { store, stamps: bench.stamps });
      const judged = workspace === null ? null : await judgedBy(workspace.base, tree, store);
      const found = judged?.ok === true ? judged.found : null;
      return onCopy({ input, tree, found }, settings, signal, async (context, { missing }) => {
        const { work } = context.workspace.folder;
        const stamps = await stampsIn(work, tree);
        const limits = { wallMs: timeoutMs, cpuSeconds: Math.ceil(timeoutMs / 1_000), keptOutputBytes: KEPT_BYTES };
        const execution = await runTool(context, ['/bin/sh', '-c', command], limits);
        throwIfAborted(signal);
        const taken = await takeOver(bench, tree, () => readBack(work, tree, { store, stamps }), store);
        return {
          ending: endingInWords(execution),
          printed: printedIn(execution),
          notes: [...(missing === null ? [] : [missing]), ...taken.notes],
          changes: taken.changes,
        };
      });
    },
  };
}

/** As they lie there before the command runs. */
async function stampsIn(folder: string, tree: Tree): Promise<Stamps> {
  const stamps = new Map<string, { size: number; ctimeMs: number; ino: number }>();
  for (const { path } of tree) {
    const { size, ctimeMs, ino } = await lstat(join(folder, path));
    stamps.set(path, { size, ctimeMs, ino });
  }
  return stamps;
}

async function takeOver(
  bench: Workbench,
  before: Tree,
  look: () => ReturnType<typeof readBack>,
  store: CheckSettings['blobs'],
): Promise<Pick<Ran, 'notes' | 'changes'>> {
  const found = await look().catch((thrown: unknown) => {
    if (thrown instanceof BatonError && thrown.code === 'workspace-too-large') return thrown.message;
    throw thrown;
  });
  if (typeof found === 'string') return { changes: [], notes: [`Nothing that it changed was kept. ${found}`] };
  const changes = diffTrees(before, found.tree);
  const notKept = found.leftOut.map(({ path, reason }) => `${JSON.stringify(path)} was not kept: ${reason}.`);
  for (const { path, after } of changes) {
    const problem = after === null ? await bench.remove(path) : null;
    if (problem !== null) notKept.push(problem);
  }
  for (const { path, after } of changes) {
    if (after === null) continue;
    const problem = await bench.write(path, await getFile(store, after), after.mode === '100755');
    if (problem !== null) notKept.push(problem);
  }
  const more = notKept.length - MOST_LEFT_OUT;
  return {
    changes: await bench.note(changes.map(({ path }) => path)),
    notes: [...notKept.slice(0, MOST_LEFT_OUT), ...(more > 0 ? [`And ${more} more were not kept.`] : [])],
  };
}

function endingInWords({ record }: Execution): string {
  const seconds = `${(record.durationMs / 1_000).toFixed(1)} s`;
  const ending = endingOf(record);
  return ending === null
    ? `It ended with exit code ${record.exitCode} after ${seconds}.`
    : `After ${seconds} ${ending}.`;
}

function printedIn({ stdout, stderr, isOutputCut }: Execution): string {
  const cut = isOutputCut ? [`[Only the last ${KEPT_BYTES} bytes of each were kept.]`] : [];
  const parts = [
    ...cut,
    ...(stdout === '' ? [] : [stdout.trimEnd()]),
    ...(stderr === '' ? [] : ['[stderr]', stderr.trimEnd()]),
  ];
  return parts.length === 0 ? 'It printed nothing.' : parts.join('\n');
}
