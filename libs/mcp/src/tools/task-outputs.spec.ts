import { openClient } from '@baton/client';
import { describe, expect, test } from 'vitest';
import { outputsOf } from './task-outputs.js';

const RUN_ID = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const { signal } = new AbortController();

const event = (version: number, type: string, data: object) => ({
  ...{ position: version, runId: RUN_ID, version, type, schemaVersion: 1, eventId: `e${version}` },
  ...{ causationId: null, correlationId: null, recordedAt: '2026-11-28T12:00:00.000Z' },
  ...{ actor: { type: 'system', id: 'orchestrator' }, data, summary: '' },
});
/** Each task is asked for, and comes, in two events. */
const tasks = (count: number) =>
  Array.from({ length: count }, (_, n) => [
    event(2 * n + 1, 'TaskScheduled', { commandId: `c-${n}`, resource: `baton:worker:${n % 2 === 0 ? 'a' : 'b'}` }),
    event(2 * n + 2, 'TaskSucceeded', { commandId: `c-${n}`, output: n }),
  ]).flat();

/** An API whose log has these events. */
function apiOf(events: readonly ReturnType<typeof event>[]) {
  const asked: number[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const query = new URL(request.url).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit'));
    asked.push(to - from);
    return Response.json({ events: events.slice(from, to), next: to < events.length ? String(to) : null });
  };
  return { api: openClient({ url: 'http://baton', token: null, fetch }), asked };
}

describe('what the tasks of a run handed out', () => {
  test('is read over as many pages as there are', async () => {
    const { api, asked } = apiOf(tasks(700));
    const { outputs, readTo } = await outputsOf({ api }, { runId: RUN_ID, resources: ['baton:worker:b'] }, signal);
    expect([outputs.length, outputs[0], outputs.at(-1)?.output, readTo]).toEqual([
      350,
      { event: 4, at: '2026-11-28T12:00:00.000Z', resource: 'baton:worker:b', output: 1 },
      699,
      null,
    ]);
    expect(asked).toEqual([500, 500, 500]);
  });

  test('of a log longer than is looked at is said to be from a part of it', async () => {
    const { api, asked } = apiOf(tasks(700));
    const wanted = { runId: RUN_ID, resources: ['baton:worker:a'] };
    const { outputs, readTo } = await outputsOf({ api }, wanted, signal, 600);
    expect([outputs.length, readTo, asked]).toEqual([150, 600, [500, 100]]);
    expect((await outputsOf({ api }, wanted, signal, 1_400)).readTo).toBeNull();
  });
});
