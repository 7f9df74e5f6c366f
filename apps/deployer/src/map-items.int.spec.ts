import { startDeployer } from '@baton/agents/deployer';
import { JsonObject, TaskFailed, TaskSucceeded } from '@baton/contracts';
import { getBlob, getBytes, putBytes } from '@baton/event-store';
import { readItemsEnv } from '@baton/map-items';
import { type BucketServer, startBucketServer } from '@baton/map-items/testing';
import { queueBackends, WorkerFixture } from '@baton/worker/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DeployerModule } from './deployer.module.js';
import { MapItemsModule } from './map-items.module.js';
import { startBoth } from './start-both.js';

const csv = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };

describe.each(queueBackends().filter(({ isAvailable }) => isAvailable))('on $backend', ({ redisUrl }) => {
  let server: BucketServer;
  let fixture: WorkerFixture;
  beforeAll(async () => {
    server = await startBucketServer('lists');
    fixture = await WorkerFixture.open(inject('postgresUrl'), 'map-items', redisUrl);
    const { BATON_CONCURRENCY, ...env } = fixture.env;
    const itemsEnv = readItemsEnv({ ...env, ...server.env, BATON_CONCURRENCY: String(BATON_CONCURRENCY) });
    const deployerEnv: Parameters<typeof startDeployer>[2] = {
      ...fixture.env,
      ...{ BATON_CONCURRENCY: 1, BATON_SANDBOX: 'none', BATON_DEPLOY_HOSTS: [], BATON_DEPLOY_OWN_NETWORK: [] },
    };
    await fixture.start((context) => startBoth({ DeployerModule, MapItemsModule }, context, deployerEnv, itemsEnv));
  });
  afterAll(async () => {
    await fixture?.close();
    await server?.close();
  });

  const outputOf = async (commandId: string, dispatchNo = 0) => {
    const { output, blobRef } = TaskSucceeded.parse((await fixture.resultOf(commandId, dispatchNo)).data);
    return blobRef === undefined ? output : JSON.parse(await getBlob(fixture.pool, blobRef));
  };

  test('items are read once, kept in the database, and given page by page; what is large travels as a blob', async () => {
    const names = Array.from({ length: 900 }, (_, at) => `name ${at} ${'x'.repeat(100)}`);
    server.buckets.get('lists')?.set('names.csv', Buffer.from(`name\n${names.join('\n')}\n`));
    const resource = 'arn:aws:states:::s3:getObject';
    const args = { do: 'read', resource, arguments: { Bucket: 'lists', Key: 'names.csv' }, config: csv };
    const commandId = await fixture.send({ arguments: args });
    const kept = JsonObject.parse(await outputOf(commandId));
    expect(kept).toMatchObject({ count: 900, pages: 2 });
    // The same task once more reads the same, and keeps it in the same place.
    await fixture.dispatch(commandId, 1, { arguments: args });
    expect(await outputOf(commandId, 1)).toEqual(kept);
    const pages = await Promise.all(
      [0, 1].map(async (page) => fixture.send({ arguments: { do: 'page', items: kept.sha256 ?? null, page } })),
    );
    const items = (await Promise.all(pages.map((id) => outputOf(id)))).flat();
    expect(items).toEqual(names.map((name) => ({ name })));
    // A page that travels as a blob is the blob that it was kept as.
    const list: unknown = JSON.parse((await getBytes(fixture.pool, String(kept.sha256))).toString());
    expect(list).toHaveLength(2);
  });

  test('a task that cannot be done fails with the name that the language has for it', async () => {
    const { sha256 } = await putBytes(fixture.pool, Buffer.from('a\n"1'));
    const args = { do: 'read', resource: 'baton:blob', arguments: { Sha256: sha256 }, config: csv };
    const failed = TaskFailed.parse((await fixture.resultOf(await fixture.send({ arguments: args }))).data);
    expect(failed).toMatchObject({ error: 'States.ItemReaderFailed', retryable: false });
    expect(failed.cause).toContain('a quote that is never closed');
  });
});
