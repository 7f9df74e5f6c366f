import { commandIdOf, laneResultsQueue, resultJobId, resultsQueue, taskJobId } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState, OutgoingJob } from '@baton/messaging';
import { createLogger } from '@baton/service-kit';
import { describe, expect, test } from 'vitest';
import { Dispatcher } from '../dispatcher.js';
import { createSweeper, createTailSender, type SweepPorts } from './sweep.js';

const LANE = 3;
const runId = '00000000-0000-4000-8000-000000000000';
const log = createLogger({ name: 'test', level: 'silent' });
/** The clock of the store. */
const nowMs = () => Date.parse('2026-01-01T00:01:00Z');

const command = (seq: number, overrides: Partial<CommandRow> = {}): CommandRow => ({
  seq,
  commandId: commandIdOf(runId, seq),
  runId,
  lane: LANE,
  queue: 'worker-a',
  name: 'task',
  message: {},
  priority: 2,
  notBefore: null,
  deadline: null,
  heartbeatSeconds: null,
  dispatchNo: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  waitMs: 0,
  ...overrides,
});

/** A command table and a queue server in memory. `refuses` says which jobs cannot be published. */
function given(rows: CommandRow[], refuses: (job: OutgoingJob) => boolean = () => false) {
  const sent: string[] = [];
  const states = new Map<string, JobState>();
  const givenUp: string[] = [];
  const asked: string[] = [];
  const publish = async (_: string, jobs: readonly OutgoingJob[]): Promise<void> => {
    if (jobs.some(refuses)) throw new Error('refused');
    sent.push(...jobs.map(({ jobId }) => jobId));
  };
  const dispatcher = new Dispatcher({ publish, log }, 0);
  const after = (seq: number, limit: number) => rows.filter((row) => row.seq > seq).slice(0, limit);
  const ports: SweepPorts = {
    store: {
      undispatched: async ({ olderThanMs = 0, afterSeq, limit }) =>
        after(afterSeq, rows.length)
          .filter(
            (row) =>
              Date.parse(row.createdAt) <= nowMs() - olderThanMs &&
              (row.lane !== LANE || row.seq > dispatcher.dispatchedSeq),
          )
          .slice(0, limit),
      outstanding: async ({ afterSeq, limit }) => after(afterSeq, limit),
      bumpDispatch: async (commandId, from) => {
        const index = rows.findIndex((row) => row.commandId === commandId && row.dispatchNo === from);
        const row = rows[index];
        if (row === undefined) return null;
        rows[index] = { ...row, dispatchNo: from + 1 };
        return from + 1;
      },
    },
    dispatcher,
    jobStates: async (queue, jobIds) => {
      asked.push(`${queue} ${jobIds.length}`);
      return new Map(jobIds.map((jobId) => [jobId, states.get(`${queue} ${jobId}`) ?? states.get(queue) ?? 'unknown']));
    },
    hasWaiting: async (queue) => states.get(`${queue} waits`) === 'waiting',
    giveUp: async ({ commandId }) => givenUp.push(commandId),
    log,
    graceMs: 0,
  };
  return { ports, dispatcher, sent, states, givenUp, asked };
}

const jobs = (...commands: readonly CommandRow[]) =>
  commands.map(({ commandId, dispatchNo }) => taskJobId(commandId, dispatchNo));

describe('the tail beyond the cursor', () => {
  test('is sent whole and once, and the own cursor moves past it', async () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => command(n + 1, { lane: n < 600 ? 9 : LANE }));
    const { ports, dispatcher, sent } = given(rows);
    const sendTail = createTailSender(ports, LANE);
    await sendTail(0);
    await sendTail(0);
    expect(sent).toEqual(jobs(...rows));
    expect(dispatcher.dispatchedSeq).toBe(1_200);
  });

  test('sends nothing again that is in its queue, by whatever door it came there', async () => {
    const { ports, sent, states } = given([command(1), command(2)]);
    states.set(`worker-a ${jobs(command(1))[0]}`, 'active');
    await createTailSender(ports, LANE)(0);
    expect(sent).toEqual(jobs(command(2)));
    expect(ports.dispatcher.dispatchedSeq).toBe(2);
  });

  test('holds the cursor until every command that could not be sent was sent, young ones included', async () => {
    let isAway = true;
    const rows = [command(1), command(2, { createdAt: '2026-01-01T00:00:59.900Z' })];
    const { ports, dispatcher, sent } = given(rows, () => isAway);
    for (const row of rows) dispatcher.dispatch([row]);
    await dispatcher.settled();
    isAway = false;
    await createTailSender(ports, LANE)(2_000);
    const next = command(3);
    dispatcher.dispatch([next]);
    await dispatcher.settled();
    expect(sent).toEqual(jobs(...rows, next));
  });

  test('goes out around a job that its queue refuses', async () => {
    const rows = [command(1), command(2), command(3)];
    const { ports, dispatcher, sent } = given(rows, ({ jobId }) => jobId === jobs(command(2))[0]);
    await expect(createTailSender(ports, LANE)(0)).rejects.toThrow('refused');
    expect(sent).toEqual(jobs(command(1), command(3)));
    expect(dispatcher.dispatchedSeq).toBe(0);
  });
});

describe('the sweep', () => {
  test('gives a task up whose workers end without a result time and again', async () => {
    const rows = [command(1)];
    const { ports, sent, states, givenUp } = given(rows);
    states.set('worker-a', 'completed');
    const sweep = createSweeper(ports);
    for (let round = 0; round < 12; round += 1) await sweep();
    expect(sent).toHaveLength(5);
    expect(givenUp).toEqual([command(1).commandId]);
  });

  test('asks for no result again that waits in the queue, however long', async () => {
    const { ports, sent, states, givenUp } = given([command(1)]);
    states.set('worker-a', 'completed');
    states.set(`${resultsQueue(runId)} ${resultJobId(command(1).commandId, 0)}`, 'delayed');
    const sweep = createSweeper(ports);
    for (let round = 0; round < 12; round += 1) await sweep();
    expect(sent).toEqual([]);
    expect(givenUp).toEqual([]);
  });

  test('asks each queue once for a thousand commands, and for the results only of tasks that have ended', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) =>
      command(n + 1, { queue: n % 2 === 0 ? 'worker-a' : 'worker-b' }),
    );
    const { ports, states, asked } = given(rows);
    states.set('worker-a', 'waiting');
    states.set('worker-b', 'completed');
    await createSweeper(ports)();
    const each = ['worker-a 500', 'worker-b 500', `${laneResultsQueue(LANE)} 500`, `${resultsQueue(runId)} 500`];
    const rest = each.map((line) => line.replace('500', '250'));
    expect(asked).toEqual([...each, ...each, ...rest]);
  });

  test('looks after the other queues when one cannot say how its jobs stand', async () => {
    const { ports, sent } = given([command(1, { queue: 'worker-odd' }), command(2)]);
    const jobStates: typeof ports.jobStates = (queue, jobIds) =>
      queue === 'worker-odd' ? Promise.reject(new Error('no such queue')) : ports.jobStates(queue, jobIds);
    await createSweeper({ ...ports, jobStates })();
    expect(sent).toEqual(jobs(command(2)));
  });

  test('leaves a command alone whose job has ended while results wait: its own may be in a bundle of them', async () => {
    const { ports, sent, states } = given([command(1)]);
    states.set('worker-a', 'completed');
    const sweep = createSweeper(ports);
    for (const queue of [laneResultsQueue(LANE), resultsQueue(runId)]) {
      states.set(`${queue} waits`, 'waiting');
      await sweep();
      await sweep();
      expect(sent).toEqual([]);
      states.delete(`${queue} waits`);
    }
    await sweep();
    await sweep();
    expect(sent).toEqual([taskJobId(command(1).commandId, 1)]);
  });

  test('goes on after a command that cannot be sent', async () => {
    const { ports, sent } = given([command(1), command(2)], ({ jobId }) => jobId === jobs(command(1))[0]);
    await createSweeper(ports)();
    expect(sent).toEqual(jobs(command(2)));
  });
});
