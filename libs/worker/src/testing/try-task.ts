import { createHash, randomUUID } from 'node:crypto';
import { BatonError, type Json } from '@baton/contracts';
import type { z } from 'zod';
import { conversationOf } from '../conversation.js';
import type { TaskResult } from '../task-handler.js';
import { doTypedWork, type TypedWork } from '../typed-handler.js';

export interface TriedTask {
  /** What a workflow would be told: the output, or the error by its name, and whether a retry may help. */
  readonly result: TaskResult;
  /** What was said of the progress, in order. */
  readonly heartbeats: readonly (string | undefined)[];
}

/** Of a delivery: the same ones given twice are a second delivery of the same task. */
export interface TryOptions {
  readonly attempt?: number;
  readonly signal?: AbortSignal;
  /** What was noted at a delivery before, by number; it is added to. */
  readonly journal?: Map<number, Json>;
}

/**
 * Does one task with the work of a worker as a stack would have it done: schemas, failures and all, with no queue and no
 * database. For tests of workers, with the same object that `createWorker` takes.
 */
export async function tryTask<In extends z.ZodType, Out extends z.ZodType>(
  work: TypedWork<In, Out>,
  given: Json,
  { attempt = 1, signal = new AbortController().signal, journal = new Map() }: TryOptions = {},
): Promise<TriedTask> {
  const heartbeats: (string | undefined)[] = [];
  const task = { commandId: `${randomUUID()}-1`, runId: randomUUID(), state: 'Tried', attempt, arguments: given };
  const silent = { info: () => {}, warn: () => {} };
  const kept = {
    read: async (index: number) => journal.get(index) ?? null,
    write: async (index: number, entry: Json) => {
      if (!journal.has(index)) journal.set(index, entry);
    },
  };
  const context = {
    heartbeat: (progress?: string) => void heartbeats.push(progress),
    log: silent,
    journal: kept,
    conversation: conversationOf(task, () => kept),
    blobs: blobsInMemory(),
  };
  return { result: await doTypedWork(work, task, context, signal), heartbeats };
}

function blobsInMemory() {
  const kept = new Map<string, Buffer>();
  return {
    put: async (bytes: Buffer) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      kept.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    get: async (sha256: string) => {
      const bytes = kept.get(sha256);
      if (bytes !== undefined) return Buffer.from(bytes);
      throw new BatonError(`There is no blob ${sha256}.`, {
        code: 'blob-not-found',
        next: 'Put it with `blobs.put` in the same task first.',
      });
    },
  };
}
