import type { Profile } from './profile.js';

/** A part of what a step costs, in CPU microseconds. */
export interface Cause {
  readonly process: string;
  readonly name: string;
  readonly microseconds: number;
}

/**
 * What a step costs by process and part of it, dearest first. Of a Node process by the shares of its main thread, which
 * stand for its other threads, too; of Redis by the time of its commands, with what it needs for all else as the rest; of
 * Postgres by who asked it. Empty where the system does not tell what a process used.
 */
export function causesOf({ nodes, redis, postgres, steps }: Profile): readonly Cause[] {
  const aStep = (ms: number): number => (1000 * ms) / steps;
  const ofNodes = nodes.flatMap(({ name: process, times, profile }) =>
    profile.parts.map(({ name, share }) => ({ process, name, microseconds: aStep((times?.cpuMs ?? 0) * share) })),
  );
  const askers = [...(postgres.cpuMs ?? [])].filter(([who]) => who !== 'bench' && who !== 'bench-statistics');
  const ofPostgres = askers.map(([name, ms]) => ({ process: 'postgres', name, microseconds: aStep(ms) }));
  return [...ofNodes, ...ofPostgres, ...ofRedis(redis, aStep)]
    .filter(({ microseconds }) => microseconds > 0)
    .toSorted((a, b) => b.microseconds - a.microseconds);
}

/** The time of a script holds that of the commands which it calls, so these are no part of their own. */
function ofRedis(redis: Profile['redis'], aStep: (ms: number) => number): readonly Cause[] {
  if (redis === null || redis.cpuMs === null) return [];
  const isScript = (name: string): boolean => /^(evalsha|eval|fcall)$/.test(name);
  const scripts = redis.commands.filter(({ name }) => isScript(name)).reduce((sum, { ms }) => sum + ms, 0);
  return [
    { process: 'redis', name: 'scripts', microseconds: aStep(scripts) },
    { process: 'redis', name: 'sockets, append-only file and the rest', microseconds: aStep(redis.cpuMs - scripts) },
  ];
}
