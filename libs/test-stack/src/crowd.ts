import { setTimeout as sleep } from 'node:timers/promises';
import { RunAccepted, RunList } from '@baton/contracts';
import { z } from 'zod';
import { publish } from './runs.js';
import type { Stack } from './stack.js';

/** A run of it needs no worker: it is over as soon as a hub has it. */
const QUICK = {
  name: 'over-at-once',
  version: '1.0.0',
  title: 'Over at once',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Say',
    States: { Say: { Type: 'Pass', Output: '{% $states.input %}', End: true } },
  },
};

/** What a crowd saw. */
export interface CrowdSaw {
  /** The runs that were answered with 202. */
  readonly accepted: readonly string[];
  /** How long each of those answers took, milliseconds. */
  readonly acceptedMs: readonly number[];
  readonly listedMs: readonly number[];
  /** What came in place of an answer, and how often: a status, or that nobody was there. */
  readonly refused: ReadonlyMap<string, number>;
  /** Answers that make no sense, in words. */
  readonly wrong: readonly string[];
}

const Refusal = z.object({ code: z.string() });
const PAUSE_MS = 20;
const LIST_EVERY = 5;

/**
 * Clients that each submit one run after another, and list runs in between, for a while; whatever becomes of the gateway. One
 * that gets no answer sends the very same request again until it has one, as a client does that must not lose it.
 */
export async function crowd(
  stack: Stack,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<CrowdSaw> {
  await publish(stack, QUICK);
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const accepted: string[] = [];
  const acceptedMs: number[] = [];
  const listedMs: number[] = [];
  const refused = new Map<string, number>();
  const wrong: string[] = [];
  const until = performance.now() + seconds * 1000;

  /** Null where there is no answer to be had now. */
  const ask = async (
    path: string,
    init: RequestInit,
    expected: number,
  ): Promise<{ body: unknown; ms: number } | null> => {
    const begunAt = performance.now();
    try {
      const response = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
      const body: unknown = await response.json();
      if (response.status === expected) return { body, ms: performance.now() - begunAt };
      count(refused, `${response.status} ${Refusal.safeParse(body).data?.code ?? ''}`.trim());
      if (response.status < 500 && response.status !== 429) wrong.push(`${path}: ${JSON.stringify(body)}`);
    } catch {
      count(refused, 'nobody there');
    }
    return null;
  };

  const submitOne = async (requestId: string): Promise<void> => {
    const body = JSON.stringify({ workflow: QUICK.name, input: { requestId } });
    // Also after the time is up: a request whose answer was lost is asked for again.
    for (let tries = 0; tries < 2_000; tries += 1) {
      const answer = await ask('/v1/runs', { method: 'POST', body, headers: { 'idempotency-key': requestId } }, 202);
      if (answer !== null) {
        accepted.push(RunAccepted.parse(answer.body).runId);
        acceptedMs.push(answer.ms);
        return;
      }
      await sleep(100);
    }
    wrong.push(`${requestId} was never answered`);
  };

  const client = async (name: number): Promise<void> => {
    for (let n = 0; performance.now() < until; n += 1) {
      await submitOne(`crowd-${stack.supervisor.pid}-${name}-${n}`);
      if (n % LIST_EVERY === 0) {
        const answer = await ask('/v1/runs?limit=20', {}, 200);
        if (answer !== null && RunList.safeParse(answer.body).success) listedMs.push(answer.ms);
      }
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
  return { accepted, acceptedMs, listedMs, refused, wrong };
}

const count = (counts: Map<string, number>, what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

/** Those of the runs that the log does not hold, or that have not ended. */
export async function lostRuns(stack: Stack, runIds: readonly string[]): Promise<readonly string[]> {
  const known = new Set<string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: RunList = RunList.parse(
      await stack.api(`/v1/runs?status=succeeded&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`),
    );
    for (const { runId } of page.runs) known.add(runId);
    cursor = page.next;
  }
  return runIds.filter((runId) => !known.has(runId));
}
