import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy, RedisServer, Stack, Victim } from '@baton/test-stack';
import { Beside } from './beside.js';
import type { BoundedDisk } from './bounded-disk.js';
import type { OwnPostgres } from './own-postgres.js';

/** Everything that can be struck. */
export interface Targets {
  readonly stack: Stack;
  readonly beside: Beside;
  readonly postgres: OwnPostgres;
  readonly disk: BoundedDisk;
  readonly toPostgres: FaultProxy;
  /** Null where the queues are on Postgres. */
  readonly redis: { readonly server: RedisServer; readonly way: FaultProxy } | null;
}

export interface Fault {
  readonly name: string;
  /** Resolves once it is over. What the machine cannot do is left out. @param share from 0 to 1: how long, how much, by the seed */
  readonly strike: (targets: Targets, share: number) => Promise<void>;
}

export type Service = Exclude<Victim, 'postgres'>;

const between = (least: number, most: number, share: number): number => Math.round(least + (most - least) * share);
const FREEZE = { leastMs: 1_000, mostMs: 14_000 };
const HOLE = { leastMs: 1_000, mostMs: 12_000 };
const FULL = { leastMs: 1_000, mostMs: 6_000 };
const SLOW = { leastMs: 20, mostMs: 300 };
const SLOW_FOR_MS = 5_000;
const HOUR_S = 3_600;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile: the supervisor takes one that is silent for one that hangs.
  }
}

async function freeze(pid: number | undefined, share: number): Promise<void> {
  if (pid === undefined) return;
  signal(pid, 'SIGSTOP');
  await sleep(between(FREEZE.leastMs, FREEZE.mostMs, share));
  signal(pid, 'SIGCONT');
}

const onServices = (services: readonly Service[]): readonly Fault[] =>
  services.flatMap((service) => [
    { name: `${service} killed`, strike: ({ stack }: Targets) => stack.kill(service) },
    {
      name: `${service} frozen`,
      strike: async ({ stack }: Targets, share: number) => freeze(await stack.pidOf(service), share),
    },
  ]);

const onWay = (server: string, wayOf: (targets: Targets) => FaultProxy | undefined): readonly Fault[] => [
  {
    name: `${server} slow`,
    strike: async (targets, share) => wayOf(targets)?.slow(between(SLOW.leastMs, SLOW.mostMs, share), SLOW_FOR_MS),
  },
  { name: `${server} connections reset`, strike: async (targets) => wayOf(targets)?.reset() },
  { name: `${server} connections half open`, strike: async (targets) => wayOf(targets)?.halfOpen() },
  {
    name: `${server} behind a black hole`,
    strike: async (targets, share) => wayOf(targets)?.hole(between(HOLE.leastMs, HOLE.mostMs, share)),
  },
];

const ON_POSTGRES: readonly Fault[] = [
  { name: 'postgres killed', strike: async ({ postgres }) => postgres.kill() },
  {
    name: 'disk of postgres full',
    strike: async ({ disk }, share) => {
      if (!disk.isBounded) return;
      disk.fill();
      await sleep(between(FULL.leastMs, FULL.mostMs, share));
      disk.free();
    },
  },
  ...onWay('postgres', ({ toPostgres }) => toPostgres),
];

const ON_REDIS: readonly Fault[] = [
  { name: 'redis wiped', strike: async ({ redis }) => redis?.server.wipe() },
  {
    name: 'redis killed',
    strike: async ({ redis }) => {
      await redis?.server.kill();
      await redis?.server.launch();
    },
  },
  { name: 'redis frozen', strike: async ({ redis }, share) => freeze(redis?.server.pid, share / 2) },
  ...onWay('redis', ({ redis }) => redis?.way),
];

const BESIDE: readonly Fault[] = [
  { name: 'clocks of a service an hour ahead', strike: async ({ beside }) => beside.setClock(HOUR_S) },
  { name: 'clocks of a service an hour behind', strike: async ({ beside }) => beside.setClock(-HOUR_S) },
  { name: 'clocks of a service right', strike: async ({ beside }) => beside.setClock(0) },
  { name: 'orchestrator short of memory', strike: async ({ beside }) => beside.replace('orchestrator', true) },
];

/** All of them: some have more of a chance, as more of their kind are there. */
export const faultsOf = (services: readonly Service[], isOnRedis: boolean): readonly Fault[] => [
  ...onServices(services),
  ...ON_POSTGRES,
  ...(isOnRedis ? ON_REDIS : []),
  ...BESIDE,
];

/** What cannot be struck on this machine, in words. */
export const missingHere = (targets: Targets): readonly string[] => [
  ...(targets.disk.isBounded ? [] : ['no disk is full, since nobody may mount here']),
  ...(Beside.hasClock ? [] : ['no clock is set, since there is no libfaketime']),
];
