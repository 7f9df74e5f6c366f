import { randomBytes, randomUUID } from 'node:crypto';
import { createPool, getBytes, personalKeyStore, putBytes } from '@baton/event-store';
import { Sealer } from '@baton/personal-data';
import { runStarted, until } from '@baton/read-model/testing';
import { expect, inject, test } from 'vitest';
import { startArchivingGateway } from '../testing/archiving-gateway.js';
import { KeepVariables, keptFor } from './prune-env.js';
import { pruneRound } from './prune-round.js';

test('blobs of a run that is in a file are removed, and come back with it: what is sealed and what a journal names, too', async () => {
  const on = await startArchivingGateway(inject('postgresUrl'));
  const pool = createPool(on.gateway.databaseUrl, { role: 'gateway', applicationName: 'archived-blobs', max: 4 });
  const parts = { pool, sealer: new Sealer(personalKeyStore(pool)), keptFor: keptFor(KeepVariables.parse({})) };
  const { signal } = new AbortController();
  const sweep = async (): Promise<void> => {
    await on.owner.query('update baton.blob_sweep set ended_at = null');
    await until('the end of the search', async () => (await pruneRound(parts, signal))?.sweep?.phase === 'idle');
  };
  try {
    const put = async () => (await putBytes(on.owner, randomBytes(20))).sha256;
    const inText = await put();
    const { sha256: text } = await putBytes(on.owner, Buffer.from(JSON.stringify(`see ${inText}`)));
    const [named, sealed, journaled] = [await put(), await put(), await put()];
    const blobs = [named, sealed, journaled, text, inText];
    const there = () =>
      Promise.all(
        blobs.map((sha256) =>
          getBytes(pool, sha256).then(
            () => true,
            () => false,
          ),
        ),
      );
    const runId = randomUUID();
    const plain = { customer: 'c-17', workspace: { tree: sealed }, other: named };
    const marks = [{ subject: '/customer', places: ['/workspace'] }];
    const sealer = new Sealer(personalKeyStore(on.gateway.hub));
    const input = await sealer.sealed(plain, marks, { input: plain, runId });
    await on.owner.query('insert into baton.llm_journal (command_id, call_index, response) values ($1, 0, $2)', [
      `${runId}-1`,
      JSON.stringify({ text: `output with id ${journaled} shows them` }),
    ]);
    await on.gateway.log.append(
      runId,
      runStarted(),
      { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input } },
      { type: 'RunSucceeded', data: { output: { text } } },
    );
    await on.owner.query(`update baton.blob set at = at - interval '30 days 1 second'`);
    await sweep();
    expect(await there()).toEqual(blobs.map(() => true));
    await on.archived(1);
    await sweep();
    expect(await there()).toEqual(blobs.map(() => false));
    expect(await on.gateway.get(`/v1/runs/${runId}`)).toMatchObject({ status: 200, body: { runId } });
    expect(await there()).toEqual(blobs.map(() => true));
    await on.owner.query(`update baton.blob set at = at - interval '30 days 1 second'`);
    await sweep();
    expect(await there()).toEqual(blobs.map(() => true));
  } finally {
    await pool.end();
    await on.stop();
  }
});
