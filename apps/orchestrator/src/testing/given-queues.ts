import { commandIdOf, taskJobId } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState, OutgoingJob } from '@baton/messaging';
import { createLogger } from '@baton/service-kit';
import { Dispatcher } from '../hub/dispatcher.js';
import type { TailPorts } from '../hub/rounds/send-tail.js';
import type { SweepPorts } from '../hub/rounds/sweep.js';
import type { Way } from '../hub/ways-to-workers.js';

export const LANE = 3;
export const runId = '00000000-0000-4000-8000-000000000000';
const log = createLogger({ name: 'test', level: 'silent' });
/** The clock of the store. */
const nowMs = () => Date.parse('2026-01-01T00:01:00Z');

/** As a hub committed it. */
export const command = (seq: number, overrides: Partial<CommandRow> = {}): CommandRow => ({
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

/**
 * A command table and a queue server in memory. `refuses` says which jobs cannot be published, `states` how those stand that
 * the server is asked for, by `<queue> <job>` or by queue.
 */
export function givenQueues(
  rows: CommandRow[],
  refuses: (job: OutgoingJob) => boolean | Promise<boolean> = () => false,
  wayTo: (queue: string) => Way = () => ({ bundle: 1 }),
) {
  const sent: string[] = [];
  const states = new Map<string, JobState>();
  const givenUp: string[] = [];
  const asked: string[] = [];
  const publish = async (_: string, jobs: readonly OutgoingJob[]): Promise<void> => {
    if ((await Promise.all(jobs.map(refuses))).includes(true)) throw new Error('refused');
    sent.push(...jobs.map(({ jobId }) => jobId));
  };
  const clock = { nowMs: 0 };
  const dispatcher = new Dispatcher({ publish, wayTo, monotonicMs: () => clock.nowMs, log }, 0);
  const after = (seq: number, limit: number) => rows.filter((row) => row.seq > seq).slice(0, limit);
  const ports: SweepPorts & TailPorts = {
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
      return new Map(
        jobIds.map((jobId) => [
          jobId,
          states.get(`${queue} ${jobId} behind the own door`) ??
            states.get(`${queue} ${jobId}`) ??
            states.get(queue) ??
            'unknown',
        ]),
      );
    },
    withdraw: async (queue, jobIds) =>
      new Set(jobIds.filter((jobId) => states.delete(`${queue} ${jobId} behind the own door`))),
    hasWaiting: async (queue) => states.get(`${queue} waits`) === 'waiting',
    giveUp: async ({ commandId }) => givenUp.push(commandId),
    log,
    graceMs: 0,
  };
  return { ports, dispatcher, clock, sent, states, givenUp, asked };
}

/** The ids of their jobs, each by itself. */
export const jobs = (...commands: readonly CommandRow[]) =>
  commands.map(({ commandId, dispatchNo }) => taskJobId(commandId, dispatchNo));
