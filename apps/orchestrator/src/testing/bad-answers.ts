import { randomUUID } from 'node:crypto';
import { commandIdOf, type JsonObject, laneResultsQueue, PROTOCOL_VERSION, resultJobId } from '@baton/contracts';
import type { NonceOf } from '@baton/event-store';

/** A message as it comes to a queue of results. */
export interface Answer {
  readonly jobId: string;
  readonly name: string;
  readonly data: JsonObject;
}

export interface Given {
  readonly runId: string;
  readonly nonceOf: NonceOf;
}

/** As the worker that has the task would answer its command, at its first dispatch. */
export function answerTo({ runId, nonceOf }: Given, ordinal: number, change: JsonObject = {}): Answer {
  const commandId = commandIdOf(runId, ordinal);
  const data = {
    v: PROTOCOL_VERSION,
    id: randomUUID(),
    runId,
    commandId,
    step: 0,
    dispatchNo: 0,
    output: 'bad',
    ...change,
  };
  return { jobId: resultJobId(commandId, 0, nonceOf(commandId, 0)), name: 'succeeded', data };
}

export interface BadAnswer {
  /** What a worker does. */
  readonly does: string;
  /** How far the run is by then. */
  readonly when?: 'failed and tried again' | 'answered' | 'timed out';
  readonly send: (given: Given) => Answer;
  readonly reason: RegExp;
  /** Nothing is to be done about it. */
  readonly isRefused?: true;
}

/** As whoever has the task would say that it is at it. */
const beatFor = (given: Given, ordinal: number, change: JsonObject = {}): Answer => {
  const { output: _, ...data } = answerTo(given, ordinal).data;
  const nonce = given.nonceOf(commandIdOf(given.runId, ordinal), 0) ?? null;
  return { jobId: `h-${randomUUID()}`, name: 'heartbeat', data: { ...data, nonce, ...change } };
};

/** Whatever a worker may answer that it should not. */
export const badAnswers = (large: number): readonly BadAnswer[] => [
  {
    does: 'says that it is at a task of another run than it was given one of',
    send: (given) => beatFor(given, 1, { nonce: beatFor({ ...given, runId: randomUUID() }, 1).data.nonce ?? null }),
    reason: /^unproven-heartbeat: /,
    isRefused: true,
  },
  {
    does: 'says that it is at a task of a kind that is not its own',
    send: (given) => beatFor(given, 1, { nonce: beatFor(given, 2).data.nonce ?? null }),
    reason: /^unproven-heartbeat: /,
    isRefused: true,
  },
  {
    does: 'says that it is at a delivery of a task that never was',
    send: (given) => beatFor(given, 1, { dispatchNo: 7, waitSeconds: 86_400 }),
    reason: /^unproven-heartbeat: /,
    isRefused: true,
  },
  {
    does: 'says that it is at a task of which it knows no more than the name, in a lane that it makes up',
    send: (given) => {
      const { data, ...job } = beatFor(given, 1, { waitSeconds: 86_400, lane: 15, replyTo: laneResultsQueue(15) });
      const { nonce: _, ...rest } = data;
      return { ...job, data: rest };
    },
    reason: /^unproven-heartbeat: /,
    isRefused: true,
  },
  {
    does: 'says that it is at a task for a run of which that is not',
    send: (given) => {
      const { data, ...job } = beatFor({ ...given, runId: randomUUID() }, 1);
      return { ...job, data: { ...data, runId: given.runId } };
    },
    reason: /^foreign-command: /,
    isRefused: true,
  },
  {
    does: 'answers for a run of which the command is not',
    send: (given) => {
      const { data, ...job } = answerTo({ ...given, runId: randomUUID() }, 1);
      return { ...job, data: { ...data, runId: given.runId } };
    },
    reason: /^foreign-command: /,
  },
  {
    does: 'answers for another run than it was given a task of',
    send: (given) => ({ ...answerTo(given, 1), jobId: answerTo({ ...given, runId: randomUUID() }, 1).jobId }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers for a task of which it knows no more than the name',
    send: (given) => ({ ...answerTo(given, 1), jobId: resultJobId(commandIdOf(given.runId, 1), 0) }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers for a task of a kind that is not its own',
    send: (given) => ({ ...answerTo(given, 1), jobId: answerTo(given, 2).jobId }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers for a lane that it makes up',
    send: (given) => ({
      ...answerTo(given, 1, { lane: 15, replyTo: laneResultsQueue(15) }),
      jobId: `r-${randomUUID()}`,
    }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers an older attempt',
    when: 'failed and tried again',
    send: (given) => answerTo(given, 1),
    reason: /^answered: /,
    isRefused: true,
  },
  {
    does: 'answers twice',
    when: 'answered',
    send: (given) => answerTo(given, 1),
    reason: /^answered: /,
    isRefused: true,
  },
  {
    does: 'answers after the deadline',
    when: 'timed out',
    send: (given) => answerTo(given, 1),
    reason: /^time-up: /,
    isRefused: true,
  },
  {
    does: 'answers with something of another kind',
    send: (given) => ({ ...answerTo(given, 1), name: 'task' }),
    reason: /^unknown-message: /,
  },
  {
    does: 'answers with neither an output nor an error',
    send: (given) => {
      const { data, ...job } = answerTo(given, 1);
      const { output: _, ...rest } = data;
      return { ...job, data: rest };
    },
    reason: /^undecodable-message: /,
  },
  {
    does: 'answers with megabytes',
    send: (given) => answerTo(given, 1, { output: 'x'.repeat(large) }),
    reason: /^message-too-large: /,
  },
  {
    does: 'answers in a version of the protocol that is not the one of the hub',
    send: (given) => answerTo(given, 1, { v: PROTOCOL_VERSION + 1 }),
    reason: /^undecodable-message: /,
  },
];
