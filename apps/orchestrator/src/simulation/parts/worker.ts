import { type JsonObject, repliesTo, resultJobId, type Task, workerMessages, workerQueue } from '@baton/contracts';
import { announceWorker, putBlob, recordDeadLetter } from '@baton/event-store';
import { consume, createBundleSender, type Messaging } from '@baton/messaging';
import type { Pool } from 'pg';
import type { Clockwork, Process } from '../world/clockwork.js';
import type { Ledger } from './ledger.js';

/** The kinds of work, and whether a kind takes bundles. */
export const KINDS: Readonly<Record<string, number>> = { step: 3, costly: 2, asking: 1, checking: 1, advisor: 1 };

const ANNOUNCE_EVERY_MS = 3_000;
const CONCURRENCY = 2;
/** A worker of another version puts its results where its run's are taken. */
const OTHERWISE = 0.1;
/** Results that lie in the blob store. */
const BY_REFERENCE = 0.25;

export interface WorkerPorts {
  readonly pool: Pool;
  readonly messaging: Messaging;
  readonly clockwork: Clockwork;
  readonly process: Process;
  readonly ledger: Ledger;
  readonly kinds: readonly string[];
  readonly workerId: (kind: string) => string;
  /** Whether it looks behind the own door, which says where its tasks come by. */
  readonly hasOwnDoor: boolean;
}

/** A worker of some kinds: takes its time, fails now and then, asks, and says what its work cost. */
export function runWorker(ports: WorkerPorts): void {
  const { messaging, pool, kinds } = ports;
  const sender = createBundleSender(messaging);
  for (const kind of kinds) {
    consume(messaging, {
      queue: workerQueue(kind),
      messages: workerMessages,
      concurrency: CONCURRENCY,
      deadLetter: (letter) => recordDeadLetter(pool, letter),
      handle: async ({ data: task }) => {
        await answer(task, ports, (name, data) => {
          const { commandId, dispatchNo, nonce, runId } = task;
          const queue = isOld(task, ports) ? repliesTo({ runId }) : repliesTo(task);
          const jobId = resultJobId(commandId, dispatchNo, nonce);
          return sender.send(queue, { jobId, name, data });
        });
      },
    });
  }
  const announce = async (): Promise<void> => {
    for (const kind of kinds) await announceWorker(pool, announcementOf(kind, ports)).catch(() => {});
    setTimeout(announce, ANNOUNCE_EVERY_MS);
  };
  void announce();
}

const isOld = ({ commandId }: Task, { clockwork }: WorkerPorts): boolean =>
  clockwork.choices.draw(`old ${commandId}`) < OTHERWISE;

const announcementOf = (kind: string, { workerId, hasOwnDoor }: WorkerPorts) => ({
  v: 1 as const,
  workerId: workerId(kind),
  kind,
  ...{ description: '', version: '', host: 'here', pid: 1, concurrency: CONCURRENCY },
  bundle: KINDS[kind] ?? 1,
  hasOwnDoor,
  looksAtRungs: hasOwnDoor,
  isDraining: false,
  ...{ input: null, output: null, tasks: [], isStopped: false },
});

type Send = (name: string, data: JsonObject) => Promise<void>;

/** The same task gives the same answer, whoever does it and how often: its journal says what it is. */
async function answer(task: Task, ports: WorkerPorts, send: Send): Promise<void> {
  const { clockwork, ledger } = ports;
  const { choices } = clockwork;
  const { commandId, runId, step, dispatchNo, kind, attempt } = task;
  const envelope = { v: 1, id: `r-${commandId}`, runId, commandId, step, dispatchNo };
  ledger.begun(task);
  // Most are quick, and those that came together are ready together.
  const isLong = choices.draw(`works long ${commandId}`) < 0.3;
  const workMs = isLong ? 6_000 * choices.lasts(`work ${commandId}`) ** 3 : 40;
  await new Promise((resolve) => setTimeout(resolve, workMs));
  const isCostly = kind === 'costly' || kind === 'advisor';
  const tokens = isCostly ? 100 + Math.floor(choices.draw(`tokens ${commandId}`) * 400) : 0;
  const usage = { inputTokens: tokens, outputTokens: 0, costUsd: tokens / 10_000 };
  const facts = isCostly ? { usage } : {};
  if (kind === 'asking' && task.answer === undefined) {
    const asks = { text: 'Which?', entries: 0 };
    return send('failed', { ...envelope, error: 'Baton.AsksPerson', cause: 'Which?', retryable: false, asks });
  }
  if (kind !== 'asking' && attempt < 4 && choices.draw(`flaky ${commandId}`) < 0.2)
    return send('failed', { ...envelope, ...facts, error: 'Flaky', cause: 'drawn', retryable: true });
  const output = outputOf(task, choices.draw(`output ${commandId}`));
  if (choices.draw(`by reference ${commandId}`) >= BY_REFERENCE)
    return send('succeeded', { ...envelope, ...facts, output });
  const blobRef = { ...(await putBlob(ports.pool, JSON.stringify(output))) };
  return send('succeeded', { ...envelope, ...facts, blobRef });
}

function outputOf({ kind, arguments: given }: Task, drawn: number): JsonObject {
  if (kind === 'checking') return { score: Math.floor(drawn * 12) };
  if (kind !== 'advisor') return { drawn: Math.floor(drawn * 100) };
  const moves = JSON.stringify(given).match(/"(?:go|retry|goto|end)[^"]*:[^"]*"/g) ?? [];
  const move = moves[Math.floor(drawn * moves.length)] ?? '"none"';
  return { move: String(JSON.parse(move)), rationale: 'drawn', confidence: 0.5 };
}
