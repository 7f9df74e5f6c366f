import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPORT, Stack, submit, until } from '@baton/test-stack';
import { type BenchResult, figure, quantile } from './result.js';

export interface StreamsOptions {
  /** How many clients follow the log. */
  readonly streams: number;
  readonly say: (text: string) => void;
}

/** Connections that are made at a time: a backlog holds no more. */
const AT_ONCE = 100;
/** More than one heartbeat of each. */
const IDLE_MS = 20_000;

interface Follower {
  readonly socket: Socket;
  /** When something came that names an event, and how much came in all. */
  readonly told: () => number | null;
}

/**
 * What clients cost that follow the log of all runs while nothing happens, and how long it takes to tell all of them of one
 * event. As little of a client as there can be: its memory is not the gateway's.
 */
export async function benchStreams({ streams, say }: StreamsOptions): Promise<readonly BenchResult[]> {
  const env = { BATON_RATE_PER_KEY: '0', BATON_RATE_PER_ADDRESS: '0' };
  const stack = await Stack.start({ env, args: ['--only', 'gateway,orchestrator'] });
  const followers: Follower[] = [];
  try {
    const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
    // Warm: what the first requests load is not what a client costs.
    for (let n = 0; n < 200; n += 1) await stack.api('/v1/runs');
    const before = await memoryOf(stack);
    while (followers.length < streams) {
      const size = Math.min(AT_ONCE, streams - followers.length);
      followers.push(...(await Promise.all(Array.from({ length: size }, () => follow(url, token)))));
    }
    say(`${streams} clients follow the log; idle for ${IDLE_MS / 1000} s`);
    await sleep(IDLE_MS);
    const idle = await memoryOf(stack);
    const answered: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const askedAt = performance.now();
      await stack.api('/v1/runs?limit=1');
      answered.push(performance.now() - askedAt);
    }
    const begunAt = performance.now();
    await submit(stack, REPORT);
    await until(async () => followers.every(({ told }) => told() !== null), 'all clients to be told', 120_000, 50);
    const told = followers.map((follower) => (follower.told() ?? 0) - begunAt).toSorted((a, b) => a - b);
    const after = await memoryOf(stack);
    const beside = `${streams} idle streams`;
    return [
      figure(`gateway beside ${beside}, resident`, 'MiB', [idle]),
      figure(`a stream, resident (${beside})`, 'KiB', [((idle - before) * 1024) / streams]),
      figure(`gateway after one event to all of them, resident`, 'MiB', [after]),
      figure(`GET /v1/runs beside ${beside}`, 'ms', answered),
      {
        name: `one event told to ${streams} clients, from the submission on`,
        unit: 'ms',
        median: quantile(told, 0.5),
        p99: quantile(told, 0.99),
        runs: told.length,
      },
    ];
  } finally {
    for (const { socket } of followers) socket.destroy();
    await stack.stop();
  }
}

async function follow(url: string, token: string): Promise<Follower> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  let toldAt: number | null = null;
  let hasHead = false;
  await once(socket, 'connect');
  socket.write(
    `GET /v1/events HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  const headed = once(socket, 'data');
  socket.on('data', (chunk: Buffer) => {
    if (hasHead && toldAt === null && chunk.includes('RunStarted')) toldAt = performance.now();
    hasHead = true;
  });
  await headed;
  return { socket, told: () => toldAt };
}

/** Resident memory of the gateway, MiB. */
async function memoryOf(stack: Stack): Promise<number> {
  const status = await readFile(`/proc/${await stack.pidOf('gateway')}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
