import { BatonError, JsonObject } from '@baton/contracts';
import type { TaskFailure, WorkerLog } from '@baton/worker';
import { type BlobStore, diffTrees, getFile, mergeVersions, textOf } from '@baton/workspace';
import type { DeliverableFile } from '../task/file-set.js';
import type { HintedHandler } from '../task/hints.js';
import { invalidInput } from '../task/or-failure.js';
import type { Merging } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { MergeArguments } from '../task/task-arguments.js';
import { conflictReport } from '../validator/tools/conflict-report.js';

interface MergePorts {
  readonly blobs: BlobStore;
  readonly log: WorkerLog;
}

/** Merges where a task has `merge: true`, whom no hint moves, and sends all others on to `otherwise`. */
export function withMerges(otherwise: HintedHandler, { blobs, log }: MergePorts): HintedHandler {
  return async (task, hints, signal) => {
    const object = JsonObject.safeParse(task.arguments);
    if (!object.success || object.data.merge !== true) return otherwise(task, hints, signal);
    const args = MergeArguments.safeParse(object.data);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const merging = await merge(args.data, blobs).catch(unlessRefused);
    if ('ok' in merging) return merging;
    const { runId, commandId, state } = task;
    log.info({ runId, commandId, state, isClean: merging.isClean }, 'merged what others landed');
    return { ok: true, output: merging };
  };
}

async function merge({ language, base, ours, theirs }: MergeArguments, store: BlobStore): Promise<Merging> {
  const merged = await mergeVersions({ base, ours, theirs }, store);
  const files: DeliverableFile[] = [];
  for (const { path, after } of diffTrees(merged.theirs, merged.tree)) {
    const content = after === null ? null : textOf(await getFile(store, after));
    if (content !== null) files.push({ path, content });
  }
  const isClean = merged.conflicts.length === 0;
  return {
    files,
    workspace: { base: theirs, tree: merged.version },
    isClean,
    toolReport: isClean ? null : conflictReport(language, merged.conflicts),
  };
}

/** Versions that nobody has, and what is too large together: neither comes right by trying again. */
function unlessRefused(thrown: unknown): TaskFailure {
  const isRefusal = thrown instanceof BatonError && REFUSALS.has(thrown.code);
  if (!isRefusal) throw thrown;
  return invalidInput(`What others landed cannot be merged. ${thrown.message} ${thrown.next ?? ''}`.trim());
}

const REFUSALS: ReadonlySet<string> = new Set(['workspace-not-found', 'workspace-too-large']);
