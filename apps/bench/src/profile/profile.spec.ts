import { describe, expect, test } from 'vitest';
import { causesOf } from './causes.js';
import { type CpuProfile, ownerOf, summarise } from './cpu-profile.js';
import { profileOptions } from './main.js';
import { readStat } from './process-times.js';
import type { Profile } from './profile.js';
import { readCommandStats } from './redis-figures.js';

const COUNTERS = {
  transactions: 0,
  rollbacks: 0,
  inserted: 0,
  updated: 0,
  deleted: 0,
  walBytes: 0,
  walRecords: 0,
  walPageImages: 0,
  walWrites: 0,
  walSyncs: 0,
};

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 9 });

describe('a call belongs to', () => {
  test.each([
    [frame('(garbage collector)'), 'garbage collection'],
    [frame('(program)'), 'native code without a name'],
    [frame('writeUtf8String'), 'socket writes'],
    [frame('parse'), 'native functions'],
    [frame('write', 'node:net'), 'node: sockets and streams'],
    [frame('processTicksAndRejections', 'node:internal/process/task_queues'), 'node: timers and ticks'],
    [frame('require', 'node:internal/modules/cjs/loader'), 'node: other'],
    [frame('x', 'file:///a/node_modules/bullmq/dist/esm/job.js'), 'bullmq'],
    [frame('x', 'file:///a/node_modules/@nestjs/core/injector.js'), '@nestjs/core'],
    [frame('x', '/a/node_modules/bullmq/node_modules/ioredis/built/Redis.js'), 'ioredis'],
    [frame('x', 'file:///a/libs/workflow/dist/decide.js'), 'libs/workflow'],
    [frame('x', 'file:///a/apps/orchestrator/dist/hub/hub.js'), 'apps/orchestrator'],
    [frame('x', 'evalmachine.<anonymous>'), 'other'],
  ])('%j', (callFrame, owner) => {
    expect(ownerOf(callFrame)).toBe(owner);
  });
});

test('a sample stands for the time until the next one, and idle time is no part of any share', () => {
  const profile: CpuProfile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('add', 'file:///a/node_modules/bullmq/job.js') },
      { id: 3, callFrame: frame('decide', 'file:///a/libs/workflow/dist/decide.js') },
      { id: 4, callFrame: frame('add', 'file:///a/node_modules/bullmq/job.js') },
    ],
    samples: [1, 2, 3, 4, 1],
    timeDeltas: [999, 400, 300, 200, 100],
  };
  expect(summarise(profile)).toEqual({
    busy: 0.6,
    parts: [
      { name: 'bullmq', share: 400 / 600 },
      { name: 'libs/workflow', share: 200 / 600 },
    ],
    functions: [
      { name: 'add bullmq/job.js:10', share: 400 / 600 },
      { name: 'decide libs/workflow/dist/decide.js:10', share: 200 / 600 },
    ],
  });
});

test('the times of a process are read whatever its program is called', () => {
  const fields = '7 7 7 0 -1 4194560 1 2 3 4 150 50 20 10 20 0 1 0 99';
  expect(readStat(`42 (node (a) b) S ${fields}`)).toEqual({ parentPid: 7, cpuMs: 2_000, endedChildrenCpuMs: 300 });
});

test('commands of Redis are counted with their time in milliseconds', () => {
  const info = new Map([['cmdstat_evalsha', 'calls=3,usec=1500,usec_per_call=500.00,rejected_calls=0']]);
  expect(readCommandStats(info)).toEqual(new Map([['evalsha', { calls: 3, ms: 1.5 }]]));
});

describe('what a step costs', () => {
  const summary = {
    busy: 0.5,
    functions: [],
    parts: [
      { name: 'pg', share: 0.25 },
      { name: 'bullmq', share: 0.75 },
    ],
  };
  const times = { cpuMs: 80, reads: 0, writes: 0, sleeps: 0 };
  const profile: Profile = {
    backend: 'redis',
    inFlight: 1,
    stepsPerRun: 1,
    steps: 100,
    seconds: 1,
    latencyMs: { median: 10, p99: 20 },
    nodes: [{ name: 'orchestrator', times, profile: summary }],
    postgres: {
      counters: COUNTERS,
      statements: [],
      cpuMs: new Map([
        ['baton-hub', 30],
        ['bench', 99],
      ]),
    },
    redis: {
      commands: [
        { name: 'evalsha', calls: 1, ms: 10 },
        { name: 'hget', calls: 1, ms: 4 },
      ],
      reads: 0,
      writes: 0,
      bytesIn: 0,
      bytesOut: 0,
      cpuMs: 25,
    },
  };

  test('is told dearest first, without what the bench itself asks, and with no command of a script twice', () => {
    expect(causesOf(profile)).toEqual([
      { process: 'orchestrator', name: 'bullmq', microseconds: 600 },
      { process: 'postgres', name: 'baton-hub', microseconds: 300 },
      { process: 'orchestrator', name: 'pg', microseconds: 200 },
      { process: 'redis', name: 'sockets, append-only file and the rest', microseconds: 150 },
      { process: 'redis', name: 'scripts', microseconds: 100 },
    ]);
  });

  test('is nothing where the system does not tell what processes use', () => {
    const untold: Profile = {
      ...profile,
      nodes: [{ name: 'orchestrator', times: null, profile: summary }],
      postgres: { ...profile.postgres, cpuMs: null },
      redis: null,
    };
    expect(causesOf(untold)).toEqual([]);
  });
});

test.each([
  [['--profile', '--backend', 'kafka'], '--backend kafka is unknown. Give redis or postgres'],
  [['--profile', '--seconds', '-1'], "Option '--seconds' argument is ambiguous"],
  [['--profile', '--runs', '1.5'], '--runs 1.5 is no whole number'],
])('%j is refused with a word of what is wrong', (args, message) => {
  expect(() => profileOptions(args)).toThrow(message);
});

test('a profile is of both backends where none is named', () => {
  expect(profileOptions(['--profile'])).toMatchObject({ backends: ['redis', 'postgres'], inFlight: 32, steps: 5 });
  expect(profileOptions(['--profile', '--backend', 'redis', '--json', 'x'])).toMatchObject({
    backends: ['redis'],
    jsonFile: 'x',
  });
});
