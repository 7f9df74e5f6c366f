import {
  BUNDLE,
  type CommandId,
  JsonObject,
  MessageBundle,
  RetryableError,
  type RunId,
  resultJobId,
  Task,
  taskJobId,
} from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import { bundleOf, type OutgoingJob } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { WorkflowDocument } from '@baton/workflow';
import { Batcher } from '../hub/batching/batcher.js';
import { Dispatcher } from '../hub/dispatcher.js';
import type { HubStore } from '../hub/hub-store.js';
import type { HubMessage } from '../hub/message.js';
import { rebuildQueues } from '../hub/rounds/rebuild-queues.js';
import { createTailSender } from '../hub/rounds/send-tail.js';
import { createSweeper } from '../hub/rounds/sweep.js';
import type { Gate, Job, Mutation, Postgres, Queues } from './world.js';

/** The processes of the simulation: a hub made of the hub's own parts, and a worker that takes its time. */

export interface Surroundings {
  readonly postgres: Postgres;
  readonly queues: Queues;
  readonly mutation: Mutation;
  readonly runs: readonly RunId[];
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly onExecuted: (commandId: CommandId) => void;
  /** A result was acknowledged without effect. */
  readonly onIgnored: (commandId: CommandId) => void;
  /** The sweep holds a task's workers for unable to answer. */
  readonly onGivenUp: (commandId: CommandId) => void;
  /** Whether an operation fails at this moment, as when a server is away. */
  readonly isAway: () => boolean;
  readonly log: Logger;
}

type Publish = ConstructorParameters<typeof Dispatcher>[0]['publish'];

const STEPS = 5;
const RESULTS = 'results';
const WORKER = 'worker-step';
/** So many tasks of a commit travel as one job. */
const BUNDLE_OF = 3;

const document: WorkflowDocument = {
  name: 'chain',
  version: '1.0.0',
  title: 'A chain',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'S1',
    States: Object.fromEntries(
      Array.from({ length: STEPS }, (_, n) => [
        `S${n + 1}`,
        { Type: 'Task', Resource: 'baton:worker:step', ...(n + 1 === STEPS ? { End: true } : { Next: `S${n + 2}` }) },
      ]),
    ),
  },
};

export async function runHub(around: Surroundings, gate: Gate, lane: number): Promise<void> {
  const { postgres, queues, mutation, nowMs, log } = around;
  const publish: Publish = async (queue, jobs) => {
    for (const job of jobs) {
      await gate();
      if (around.isAway()) throw new RetryableError('away', { code: 'queue-unreachable', retryAfterMs: 1 });
      queues.add(queue, job);
    }
  };
  const dispatcher = new Dispatcher(
    { publish, wayTo: () => ({ bundle: BUNDLE_OF }), monotonicMs: nowMs, log },
    postgres.dispatchedSeq.get(lane) ?? 0,
  );
  const durable = postgres.storeFor(gate, lane);
  const store = mutation.dispatchesFirst === true ? dispatchingFirst(durable, publish) : durable;
  const batcher = new Batcher({
    store,
    dispatchedSeq: () => dispatcher.dispatchedSeq,
    dispatch: (commands) => dispatcher.dispatch(commands),
    nowMs,
    monotonicMs: nowMs,
    log,
  });
  const epoch = {
    read: () => gate().then(() => queues.epoch),
    beginRebuild: async (id: string) => {
      await gate();
      queues.epoch = mutation.marksReadyFirst === true ? 'ready' : `rebuilding:${id}`;
    },
    finishRebuild: async (id: string) => {
      await gate();
      if (queues.epoch !== `rebuilding:${id}`) return false;
      queues.epoch = 'ready';
      return true;
    },
  };
  const jobStates = async (queue: string, jobIds: readonly string[]) => {
    await gate();
    const name = queue.startsWith('results-') ? RESULTS : queue;
    return new Map(jobIds.map((jobId) => [jobId, queues.state(name, jobId)]));
  };
  const giveUp = async ({ commandId }: CommandRow): Promise<void> => around.onGivenUp(commandId);
  const hasWaiting = async (): Promise<boolean> => {
    await gate();
    return queues.waiting(RESULTS).length > 0;
  };
  const withdraw = async () => new Set<string>();
  const sweepPorts = { store, withdraw, dispatcher, jobStates, hasWaiting, giveUp, log, graceMs: 300 };
  const sendTail = createTailSender(sweepPorts, lane);
  const sweep = createSweeper(sweepPorts);

  const patiently = (task: () => Promise<unknown>) => task().catch(() => {});
  await patiently(() => rebuildQueues({ store, epoch, dispatcher, log }));
  await patiently(() => sendTail(0));
  for (const runId of around.runs) {
    void submit(batcher, runId);
  }
  void forever(gate, async () => {
    await patiently(() => rebuildQueues({ store, epoch, dispatcher, log }));
    await patiently(() => store.saveDispatched(dispatcher.dispatchedSeq));
  });
  if (mutation.hasNoSweep !== true) {
    void forever(gate, async () => {
      for (let pause = 0; pause < 10; pause += 1) await gate();
      await patiently(() => sendTail(200));
      await patiently(sweep);
    });
  }
  await forever(gate, async () => {
    const jobs = queues.waiting(RESULTS);
    if (jobs.length === 0) return;
    const job = around.pick(jobs);
    job.state = 'active';
    const handled = messagesOf(job).map(async (data) => {
      const outcome = await batcher.handle(answerOf(job.jobId, data));
      if (outcome === 'ignored') around.onIgnored(String(data.commandId));
    });
    void Promise.all(handled).then(
      async () => {
        await gate();
        queues.complete(job);
      },
      () => {
        job.state = 'waiting';
      },
    );
  });
}

/** What a job brings: its own data, or those of each message of a bundle. */
const messagesOf = ({ name, data }: Job): readonly JsonObject[] =>
  name === BUNDLE ? MessageBundle.parse(data).messages.map((message) => JsonObject.parse(message.data)) : [data];

/** As the queue would: again and again until the hub has taken it. */
async function submit(batcher: Batcher, runId: RunId): Promise<void> {
  while ((await batcher.handle(submissionOf(runId)).catch(() => null)) === null);
}

export async function runWorker(around: Surroundings, gate: Gate): Promise<void> {
  const { queues } = around;
  await forever(gate, async () => {
    const jobs = queues.waiting(WORKER);
    if (jobs.length === 0) return;
    const job = around.pick(jobs);
    job.state = 'active';
    let results: OutgoingJob[] = [];
    const send = (): void => {
      const [first] = results;
      if (first !== undefined)
        queues.add(RESULTS, results.length === 1 ? first : bundleOf(`b-${first.jobId}`, results));
      results = [];
    };
    for (const data of messagesOf(job)) {
      const task = Task.parse(data);
      around.onExecuted(task.commandId);
      for (let work = Math.floor(around.random() * 5); work >= 0; work -= 1) await gate();
      results.push({
        jobId: resultJobId(task.commandId, task.dispatchNo, task.nonce),
        name: 'succeeded',
        data: { runId: task.runId, commandId: task.commandId },
      });
      // What is ready at the same moment goes together.
      if (around.random() < 0.5) send();
    }
    send();
    await gate();
    queues.complete(job);
  });
}

function submissionOf(runId: RunId): HubMessage {
  const requestId = `submit ${runId}`;
  const submission = { requestId, runId, workflow: 'chain', input: {} };
  return {
    runId,
    order: { type: 'StartRun', submission, document, sha256: '0'.repeat(64) },
    actor: { type: 'system', id: 'simulation' },
    causationId: requestId,
    requestId,
  };
}

const answerOf = (jobId: string, data: JsonObject): HubMessage => {
  const commandId = String(data.commandId);
  return {
    runId: String(data.runId),
    order: { type: 'CompleteTask', commandId, output: {} },
    actor: { type: 'agent', id: 'simulation' },
    causationId: jobId,
  };
};

/** The wrong order: what an outbox is there to prevent. */
const dispatchingFirst = (store: HubStore, publish: Publish): HubStore => ({
  ...store,
  append: async (seq, items) => {
    for (const { commands } of items) {
      for (const { commandId, queue, name, message } of commands) {
        if (queue === null) continue;
        await publish(queue, [{ jobId: taskJobId(commandId, 0), name, data: { ...message, dispatchNo: 0 } }]);
      }
    }
    return store.append(seq, items);
  },
});

async function forever(gate: Gate, round: () => Promise<void>): Promise<never> {
  for (;;) {
    await gate();
    await round();
  }
}
