import { randomUUID } from 'node:crypto';
import { RunList } from '@baton/contracts';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const entered: RunEvent = { type: 'StateEntered', data: { visit: 0, frame: 0, state: 'Plan' } };
const frame: RunEvent = { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } };
const succeeded: RunEvent = { type: 'RunSucceeded', data: { output: { files: ['a.ts'] } } };

describe('GET /v1/runs', () => {
  test('pages through all runs with a cursor and a link, newest first', async () => {
    const group = randomUUID();
    for (let n = 0; n < 5; n += 1) await gateway.log.append(randomUUID(), runStarted({ labels: { group } }));
    await expect.poll(async () => (await gateway.get(`/v1/runs?label=group=${group}`)).body.runs.length).toBe(5);
    const seen: string[] = [];
    let path: string | null = `/v1/runs?label=group%3D${group}&limit=2`;
    while (path !== null) {
      const answer = await gateway.get(path);
      const page: RunList = RunList.parse(answer.body);
      seen.push(...page.runs.map(({ runId }) => runId));
      const link = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
      expect(link === null).toBe(page.next === null);
      path = link;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test('filters by words, times, cost, and where a person is asked', async () => {
    const runId = randomUUID();
    await gateway.log.append(runId, runStarted({ input: { requirements: 'Zebra census' } }), frame, entered, succeeded);
    const list = async (query: string) => RunList.parse((await gateway.get(`/v1/runs?${query}`)).body).runs;
    await expect.poll(() => list('text=zebra&status=succeeded')).toHaveLength(1);
    expect(await list('text=census%20zeb')).toMatchObject([{ runId, title: 'Zebra census' }]);
    expect(await list('text=zebra&endedAfter=2020-01-01T00:00:00Z')).toHaveLength(1);
    expect(await list('text=zebra&endedAfter=2120-01-01T00:00:00%2B02:00')).toHaveLength(0);
    expect(await list('text=zebra&startedBefore=2020-01-01T00:00:00Z')).toHaveLength(0);
    expect(await list('text=zebra&minCostUsd=0.01')).toHaveLength(0);
    expect(await list('text=zebra&waitingFor=approval')).toHaveLength(0);
  });

  test('filters by status, workflow and several labels', async () => {
    const group = randomUUID();
    const done = randomUUID();
    await gateway.log.append(randomUUID(), runStarted({ labels: { group, team: 'red' } }));
    await gateway.log.append(done, runStarted({ labels: { group, team: 'a=b' } }), succeeded);
    const count = async (query: string) =>
      (await gateway.get(`/v1/runs?label=group=${group}&${query}`)).body.runs.length;
    await expect.poll(() => count('')).toBe(2);
    expect(await count('label=team=red')).toBe(1);
    expect([(await count('mode=programmatic')) > 0, await count('mode=shadow')]).toEqual([true, 0]);
    expect(await count('label=team%3Da%3Db')).toBe(1);
    expect(await count('status=succeeded')).toBe(1);
    expect(await count('status=cancelled')).toBe(0);
    expect(await count('workflow=two-steps')).toBe(2);
    expect(await count('workflow=three-steps')).toBe(0);
  });

  test.each([
    ['status=done', 'status'],
    ['limit=0', 'limit'],
    ['limit=1000', 'limit'],
    ['limit=ten', 'limit'],
    ['label=red', 'label.0'],
    ['cursor=abc', 'cursor'],
    ['staus=failed', 'staus'],
    ['text=***', 'text'],
    ['endedAfter=yesterday', 'endedAfter'],
    ['minCostUsd=-1', 'minCostUsd'],
    ['minCostUsd=1e9', 'minCostUsd'],
    ['waitingFor=you', 'waitingFor'],
  ])('refuses ?%s', async (query, pointer) => {
    const answer = await gateway.get(`/v1/runs?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-parameter', errors: [{ pointer }] } });
  });
});
