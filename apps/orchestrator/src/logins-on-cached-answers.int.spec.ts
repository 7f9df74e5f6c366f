import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabaseWithLogins, type DatabaseWithLogins, FORBIDDEN } from './testing/database-with-logins.js';

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const ANSWER = "select baton.cache_answer($1, sha256('q'), $2, 60)";
const LOOK = "select response from baton.cached_answer_of($1, sha256('q'), 60)";

test('no worker puts an answer where another kind of worker looks for its own, or looks there itself', async () => {
  for (const [n, queue] of ['worker-planner', 'worker-prompt', 'worker-mine'].entries())
    await database.owner.query(
      `insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority)
       values ($1, $2, 0, $3, $4, 'task', '{}', 1)`,
      [n + 1, `${RUN}-${n + 1}`, RUN, queue],
    );
  await database.as('planner', async (planner) => {
    expect((await planner.query(ANSWER, [`${RUN}-1`, '{"text": "mine"}'])).rows).toEqual([{ cache_answer: true }]);
    expect((await planner.query(LOOK, [`${RUN}-1`])).rows).toEqual([{ response: { text: 'mine' } }]);
    await expect(planner.query(ANSWER, [`${RUN}-2`, '1'])).rejects.toMatchObject({ code: FORBIDDEN });
    expect((await planner.query(LOOK, [`${RUN}-2`])).rows).toEqual([]);
  });
  await database.as('worker', async (worker) => {
    await expect(worker.query(ANSWER, [`${RUN}-1`, '1'])).rejects.toMatchObject({ code: FORBIDDEN });
    expect((await worker.query(LOOK, [`${RUN}-1`])).rows).toEqual([]);
    expect((await worker.query(LOOK, [`${RUN}-3`])).rows).toEqual([]);
  });
});
