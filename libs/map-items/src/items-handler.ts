import { BatonError, type Json } from '@baton/contracts';
import { INVALID_INPUT, type TaskHandler, type TaskResult } from '@baton/worker';
import pLimit from 'p-limit';
import { z } from 'zod';
import { ItemFailure } from './item-failure.js';
import { ItemsTask } from './items-task.js';
import { keepPages, pageOf } from './read/keep-pages.js';
import { type ItemSources, openItems } from './read/open-items.js';
import { assertWritable, writeResults } from './write/write-results.js';

/**
 * Does what a Map asks for outside of its run: reads its items and keeps them, gives a page of them, writes its results. A task
 * that comes twice reads again, and what comes first counts; a page is always the same.
 */
export function itemsHandler(sources: ItemSources): TaskHandler {
  const oneAtATime = pLimit(1);
  return async (task, signal) => {
    const parsed = ItemsTask.safeParse(task.arguments);
    if (!parsed.success) {
      const cause = `The arguments do not fit: ${z.prettifyError(parsed.error)}`;
      return { ok: false, error: INVALID_INPUT, cause, retryable: false };
    }
    const asked = parsed.data;
    if (asked.do === 'write' && !asked.mapRun.startsWith(`${task.runId}:`)) {
      const cause = 'Results of another run are not written here: the folder they go to is that of their run.';
      return { ok: false, error: INVALID_INPUT, cause, retryable: false };
    }
    const work = (): Promise<Json> => doTask(asked, sources, signal);
    try {
      if (asked.do === 'read' && asked.writer !== undefined) assertWritable(asked.writer, sources);
    } catch (thrown) {
      return failureOf(thrown, RESULT_WRITER_FAILED);
    }
    try {
      return { ok: true, output: await (isHeldAsAWhole(asked) ? oneAtATime(work) : work()) };
    } catch (thrown) {
      return failureOf(thrown, asked.do === 'write' ? RESULT_WRITER_FAILED : 'States.ItemReaderFailed');
    }
  };
}

const RESULT_WRITER_FAILED = 'States.ResultWriterFailed';

type Asked = z.infer<typeof ItemsTask>;

/** Results, and JSON that is no JSONL, take many times their size. */
const isHeldAsAWhole = (task: Asked): boolean =>
  task.do === 'write' || (task.do === 'read' && task.config.InputType === 'JSON');

async function doTask(task: Asked, sources: ItemSources, signal: AbortSignal): Promise<Json> {
  const { blobs, limits } = sources;
  switch (task.do) {
    case 'read': {
      const most = task.config.MaxItems ?? Number.POSITIVE_INFINITY;
      const kept = await keepPages(openItems(task, sources, signal), blobs, { most, batch: task.batch }, limits);
      return { ...kept };
    }
    case 'page':
      return pageOf(blobs, task.items, task.page);
    case 'write':
      return writeResults(task, sources, signal);
    default:
      return task satisfies never;
  }
}

/** What is a fact about the items is a result. All else, such as a database that is away, has the queue hand the task out again. */
function failureOf(thrown: unknown, error: string): TaskResult {
  if (thrown instanceof ItemFailure) {
    return { ok: false, error, cause: thrown.message, retryable: thrown.isRetryable };
  }
  const isMissing =
    thrown instanceof BatonError && ['blob-missing', 'tree-invalid', 'workspace-not-found'].includes(thrown.code);
  if (isMissing) return { ok: false, error, cause: thrown.message, retryable: false };
  throw thrown;
}
