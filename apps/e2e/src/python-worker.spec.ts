import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  resultJobId,
  resultsQueue,
  Task,
  TaskFailed,
  TaskHeartbeat,
  TaskSucceeded,
  WorkerAnnouncement,
} from '@baton/contracts';
import { ROOT } from '@baton/test-stack';
import { expect, test } from 'vitest';
import { z } from 'zod';

/** The `bullmq` package for Python is not there where the tests run, so this holds the messages to their schemas. */
const program = `
import json, sys
from datetime import datetime, timezone
from messages import announcement, answer, heartbeat, is_late, result_job_id, results_queue
from statistics_of_text import measure
task = json.load(sys.stdin)
name, data = answer(task, measure)
print(json.dumps({"name": name, "data": data, "queue": results_queue(task["runId"]), "jobId": result_job_id(task),
    "heartbeat": heartbeat(task, "x" * 600),
    "announcement": announcement("0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11", "text-statistics", "here", 7, 1), "isLate": is_late(task, datetime(2026, 11, 21, tzinfo=timezone.utc))}))
`;
const Answer = z.object({
  name: z.string(),
  data: z.unknown(),
  queue: z.string(),
  jobId: z.string(),
  heartbeat: TaskHeartbeat,
  announcement: WorkerAnnouncement,
  isLate: z.boolean(),
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';

async function answerOf(body: object) {
  const envelope = { v: 1, id: 'm-1', runId: RUN, commandId: `${RUN}-3`, step: 0, dispatchNo: 2 };
  const task = Task.parse({ ...envelope, kind: 'text-statistics', state: 'Measure', attempt: 1, ...body });
  const running = promisify(execFile)('python3', ['-B', '-c', program], {
    cwd: join(ROOT, 'examples/workers/python'),
  });
  running.child.stdin?.end(JSON.stringify(task));
  return Answer.parse(JSON.parse((await running).stdout));
}

test.skipIf(!hasPython)('the Python worker answers a task with messages that fit the schemas', async () => {
  const deadline = '2026-11-21T00:00:01.500Z';
  const { name, data, queue, jobId, heartbeat, isLate } = await answerOf({
    arguments: { text: 'Is it? Yes.' },
    deadline,
  });
  expect({ name, queue, jobId, isLate }).toEqual({
    name: 'succeeded',
    queue: resultsQueue(RUN),
    jobId: resultJobId(`${RUN}-3`, 2),
    isLate: false,
  });
  expect(TaskSucceeded.parse(data)).toMatchObject({
    dispatchNo: 2,
    deadline,
    output: { words: 3, sentences: 2, longestWord: 'Yes', readingMinutes: 0.015 },
  });
  expect(heartbeat.commandId).toBe(`${RUN}-3`);
});

test.skipIf(!hasPython).each<readonly [string, object, object]>([
  ['its own error', { arguments: { text: ' ' } }, { error: 'EmptyText', retryable: true }],
  ['unfit arguments', { arguments: 3 }, { error: 'Baton.InvalidInput', retryable: false }],
  [
    'arguments in the blob store',
    { blobRef: { sha256: 'a'.repeat(64), size: 20_000 } },
    { error: 'ArgumentsTooLarge', retryable: false },
  ],
])('the Python worker reports %s as a failed task', async (_, body, failure) => {
  const { name, data, isLate } = await answerOf({ ...body, deadline: '2026-11-20T23:59:59Z' });
  expect(name).toBe('failed');
  expect(TaskFailed.parse(data)).toMatchObject(failure);
  expect(isLate).toBe(true);
});
