import { openClient } from '@baton/client';
import { describe, expect, test } from 'vitest';
import { newestComposition } from './newest-composition.js';

const { signal } = new AbortController();

const event = (version: number, type: string, data: object) => ({
  ...{
    position: version,
    runId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11',
    version,
    type,
    schemaVersion: 1,
    eventId: `e${version}`,
  },
  ...{ causationId: null, correlationId: null, recordedAt: '2026-11-28T12:00:00.000Z' },
  ...{ actor: { type: 'system', id: 'orchestrator' }, data, summary: '' },
});
const task = (at: number, resource: string, output: unknown) => [
  event(at, 'TaskScheduled', { commandId: `c-${at}`, resource: `baton:${resource}` }),
  event(at + 1, 'TaskSucceeded', { commandId: `c-${at}`, output }),
];
const composed = (ref: string) => ({ ok: true, ref, document: {}, findings: [], cost: null });

interface Run {
  readonly events: readonly object[];
  readonly forkedFrom: { readonly runId: string; readonly version: number } | null;
}

/** An API with these runs. */
const apiOf = (runs: Readonly<Record<string, Run>>) =>
  openClient({
    url: 'http://baton',
    token: null,
    fetch: async (request: Request) => {
      const run = new URL(request.url).searchParams.get('run') ?? '';
      return Response.json({ events: runs[run]?.events ?? [], next: null });
    },
  });
const newest = async (runs: Readonly<Record<string, Run>>, runId: string) => {
  const { composed: found, ...rest } = await newestComposition(
    { api: apiOf(runs) },
    { runId, forkedFrom: runs[runId]?.forkedFrom ?? null },
    signal,
  );
  return { ref: found?.ref ?? null, ...rest };
};

describe('what was composed for a goal', () => {
  const first = [...task(1, 'worker:planner', {}), ...task(3, 'worker:planner', composed('one@1.0.0'))];
  const asked = [...first, ...task(5, 'approval', { decision: 'request-changes', comment: 'Shorter.' })];
  const again = [...asked, ...task(7, 'worker:planner', composed('two@1.0.0'))];
  const of = (events: readonly object[]) => ({ run: { events, forkedFrom: null } });

  test('is the newest, and says where a person asked for another that did not come', async () => {
    const plain = { isRefused: false, of: null, readTo: null };
    expect(await newest(of(first), 'run')).toEqual({ ...plain, ref: 'one@1.0.0' });
    expect(await newest(of(asked), 'run')).toEqual({ ...plain, ref: 'one@1.0.0', isRefused: true });
    expect(await newest(of([...asked, ...task(7, 'worker:planner', { ok: false })]), 'run')).toEqual({
      ...plain,
      ...{ ref: 'one@1.0.0', isRefused: true },
    });
    expect(await newest(of(again), 'run')).toEqual({ ...plain, ref: 'two@1.0.0' });
    expect(await newest(of([]), 'run')).toEqual({ ...plain, ref: null });
  });

  test('is in the log of the run that it is a fork of, up to where the fork begins', async () => {
    const runs = {
      origin: { events: again, forkedFrom: null },
      fork: { events: [], forkedFrom: { runId: 'origin', version: 5 } },
      own: { events: first, forkedFrom: { runId: 'origin', version: 8 } },
    };
    const found = { ref: 'one@1.0.0', isRefused: false, readTo: null };
    expect(await newest(runs, 'fork')).toEqual({ ...found, of: 'origin' });
    expect(await newest(runs, 'own')).toEqual({ ...found, of: null });
  });
});
