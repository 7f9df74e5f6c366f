import { createCatalog } from '@baton/catalog';
import { placed, runIdOfRequest, shardOf } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { expect, test } from 'vitest';
import { submission } from './submission.js';

const document: WorkflowDocument = {
  name: 'w',
  version: '1.0.0',
  title: 'Nothing',
  definition: { QueryLanguage: 'JSONata', StartAt: 'S', States: { S: { Type: 'Succeed' } } },
};
const catalog = createCatalog([{ document, sha256: '0'.repeat(64), file: 'test' }]);
const actor = { type: 'producer', id: 'intake' } as const;

const submitted = (requestId: string, shard: { number: number; of: number }, runId?: string) =>
  submission(
    { requestId, workflow: 'w', input: {}, ...(runId === undefined ? {} : { runId }) },
    { catalog, shard },
    actor,
  );

test('what a producer put into the queues of its shard begins there, under an id that says so', async () => {
  for (const requestId of ['order 1', 'order 2', 'order 3', 'order 4']) {
    const runId = runIdOfRequest(requestId, 2);
    const [here, other] = shardOf(runId, 2) === 0 ? [0, 1] : [1, 0];
    expect(await submitted(requestId, { number: here, of: 2 })).toMatchObject({ runId });
    await expect(submitted(requestId, { number: other, of: 2 })).rejects.toMatchObject({ code: 'wrong-shard' });
  }
});

test('an id that was chosen has to say the place where it is', async () => {
  const runId = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
  expect(await submitted('r', { number: 0, of: 1 }, runId)).toMatchObject({ runId });
  await expect(submitted('r', { number: 0, of: 2 }, runId)).rejects.toMatchObject({ code: 'wrong-shard' });
  const first = placed(runId, 0);
  expect(await submitted('r', { number: 0, of: 2 }, first)).toMatchObject({ runId: first });
  await expect(submitted('r', { number: 1, of: 2 }, first)).rejects.toMatchObject({
    message: `The id ${first} belongs in shard 0 of 2, and this is shard 1.`,
  });
});
