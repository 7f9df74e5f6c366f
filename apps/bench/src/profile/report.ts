import { columns } from '../result.js';
import { causesOf } from './causes.js';
import type { Share } from './cpu-profile.js';
import type { Statement } from './postgres-figures.js';
import type { NodeFigures, Profile } from './profile.js';

const CAUSES = 25;
const STATEMENTS = 20;
const COMMANDS = 15;
const FUNCTIONS = 15;

/** A profile for people, a figure a step wherever it can be. */
export function profileLines(profile: Profile): readonly string[] {
  const { backend, inFlight, stepsPerRun, steps, seconds, latencyMs, postgres, redis } = profile;
  const on = backend === 'redis' ? 'queues on Redis' : 'queues on Postgres';
  return [
    `Profile of a step, ${on}: ${inFlight} runs of ${stepsPerRun} steps at once for ${seconds.toFixed(1)} s,`,
    `${steps} steps, ${number(steps / seconds)} steps/s; a run took ${number(latencyMs.median)} ms (median), p99 ${number(latencyMs.p99)} ms.`,
    'What follows is for one step.',
    '',
    'CPU ms by process',
    ...rows(cpuRows(profile)),
    '',
    `Where it goes (CPU µs), the first ${CAUSES}`,
    ...rows(
      causesOf(profile)
        .slice(0, CAUSES)
        .map(({ process, name, microseconds }) => [`${process}: ${name}`, number(microseconds)]),
    ),
    '',
    'Round trips and system calls',
    ...rows(roundTripRows(profile)),
    ...profile.nodes.flatMap((node) => nodeLines(node)),
    '',
    'Postgres: statements (calls, ms, rows, WAL bytes; those within functions are set in)',
    ...rows(statementRows(postgres.statements, steps)),
    ...(redis === null
      ? []
      : [
          '',
          'Redis: commands, those within scripts as well (calls, µs)',
          ...rows(
            redis.commands
              .slice(0, COMMANDS)
              .map(({ name, calls, ms }) => [name, number(calls / steps), number((1000 * ms) / steps)]),
          ),
        ]),
  ];
}

function cpuRows({ nodes, redis, postgres, steps }: Profile): readonly Row[] {
  const row = (name: string, cpuMs: number | null | undefined): Row => [
    name,
    cpuMs === null || cpuMs === undefined ? 'no /proc' : (cpuMs / steps).toFixed(3),
  ];
  const askers = [...(postgres.cpuMs ?? [])].toSorted(([, a], [, b]) => b - a);
  const all = askers.reduce((sum, [who, cpuMs]) => sum + (isBench(who) ? 0 : cpuMs), 0);
  return [
    ...nodes.map(({ name, times }) => row(name, times?.cpuMs)),
    ...(redis === null ? [] : [row('redis', redis.cpuMs)]),
    row('postgres, without the looks of the bench', postgres.cpuMs === null ? null : all),
    ...askers.filter(([, cpuMs]) => cpuMs > 0).map(([who, cpuMs]) => row(`  ${who}`, cpuMs)),
  ];
}

const isBench = (asker: string): boolean => asker === 'bench' || asker === 'bench-statistics';

function roundTripRows({ nodes, postgres, redis, steps }: Profile): readonly Row[] {
  const { counters, statements } = postgres;
  const top = statements.filter(({ isTopLevel }) => isTopLevel);
  const sum = (of: (statement: Statement) => number): number => top.reduce((all, each) => all + of(each), 0);
  const row = (name: string, value: number): Row => [name, number(value / steps)];
  return [
    row(
      'statements sent to Postgres',
      sum(({ calls }) => calls),
    ),
    row(
      'their time, ms',
      sum(({ ms }) => ms),
    ),
    row('transactions, wake-ups by LISTEN as well', counters.transactions),
    row('rows inserted', counters.inserted),
    row('rows updated', counters.updated),
    row('rows deleted', counters.deleted),
    row('WAL bytes', counters.walBytes),
    row('WAL records', counters.walRecords),
    row('WAL whole pages', counters.walPageImages),
    row('WAL written', counters.walWrites),
    row('WAL synced', counters.walSyncs),
    ...(redis === null
      ? []
      : [
          row('Redis: reads of a socket', redis.reads),
          row('Redis: writes to a socket', redis.writes),
          row('Redis: bytes in', redis.bytesIn),
          row('Redis: bytes out', redis.bytesOut),
        ]),
    ...nodes.flatMap(({ name, times }) =>
      times === null
        ? []
        : [
            row(`${name}: system calls that write`, times.writes),
            row(`${name}: system calls that read`, times.reads),
            row(`${name}: times asleep`, times.sleeps),
          ],
    ),
  ];
}

function nodeLines({ name, profile }: NodeFigures): readonly string[] {
  const percent = ({ name: part, share }: Share): Row => [part, `${(100 * share).toFixed(1)} %`];
  return [
    '',
    `${name}: busy ${(100 * profile.busy).toFixed(0)} % of the time; own time by package`,
    ...rows(profile.parts.filter(({ share }) => share >= 0.005).map(percent)),
    '',
    `${name}: functions with the most own time`,
    ...rows(profile.functions.slice(0, FUNCTIONS).map(percent)),
  ];
}

const statementRows = (statements: readonly Statement[], steps: number): readonly Row[] =>
  statements
    .slice(0, STATEMENTS)
    .map(({ text, isTopLevel, calls, ms, rows: touched, walBytes }) => [
      `${isTopLevel ? '' : '  '}${text.replaceAll(/\s+/g, ' ').slice(0, 90)}`,
      number(calls / steps),
      (ms / steps).toFixed(3),
      number(touched / steps),
      number(walBytes / steps),
    ]);

type Row = readonly [name: string, ...values: string[]];

const number = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

const rows = (table: readonly Row[]): readonly string[] => columns(table).map((line) => `  ${line}`.trimEnd());
