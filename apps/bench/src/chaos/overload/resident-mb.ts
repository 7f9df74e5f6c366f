import { execFileSync } from 'node:child_process';
import type { Stack } from '@baton/test-stack';

const PROGRAM = /\/apps\/(\w+)[./]|\/bin\/(postgres) /;

/** What the services of a stack have in memory, by their names; of Postgres its first process, and the worker beside them is none. */
export function residentMb(stack: Stack): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of execFileSync('ps', ['-eo', 'ppid=,rss=,args='], { encoding: 'utf8' }).split('\n')) {
    const [, ppid, kb, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const [, service, server] = PROGRAM.exec(args) ?? [];
    const name = service ?? server;
    if (Number(ppid) === stack.supervisor.pid && name !== undefined) found.set(name, Number(kb) / 1024);
  }
  return found;
}
