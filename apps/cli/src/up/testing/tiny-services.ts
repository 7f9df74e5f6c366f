import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { BatonError } from '@baton/contracts';
import { LIVENESS, type LivenessTiming } from '../liveness.js';
import { type Dependency, type Launch, ServiceProcess, type ServiceSpec } from '../service-process.js';

/** Real processes, as small as they can be: a few lines of JavaScript that say when they are ready. */

export const ALWAYS_THERE: Dependency = { outages: 0, available: async () => {} };

/** What a tiny service does. It is ready once it has written `ready` to the file named by READY. */
export const SCRIPTS = {
  steady: `ready(); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`,
  stubborn: `ready(); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`,
  refuses: `process.stderr.write('baton tiny: The schema is newer. Use the newer Baton.\\n'); process.exit(1)`,
  isRefused: `process.stderr.write('baton tiny: The key was refused. Set another.\\n'); process.exit(78)`,
  /** Works, dies, and then finds its server away at more starts than a service is given. */
  losesItsServer: `const file = process.env.READY.replace(/-\\d+$/, '') + '.starts';
    const starts = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0; fs.writeFileSync(file, String(starts + 1));
    if (starts >= 1 && starts <= 5) process.exit(75);
    ready(); if (starts === 0) setTimeout(() => process.exit(1), 300); else setInterval(() => {}, 1000)`,
  findsNoServer: `process.stderr.write('baton tiny: The database cannot be reached.\\n'); process.exit(75)`,
  diesOnce: `const first = !fs.existsSync(process.env.READY + '.died'); fs.writeFileSync(process.env.READY + '.died', '');
    if (first) process.exit(3); ready(); setInterval(() => {}, 1000)`,
  answers: `require('node:http').createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', function () {
    fs.writeFileSync(process.env.READY + '.port', String(this.address().port)); ready() });
    process.on('disconnect', () => process.exit(0))`,
  leavesWithParent: `ready(); process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000)`,
} as const;

const PRELUDE = `const fs = require('node:fs');
  const ready = () => { console.log('{"msg":"ready"}'); fs.writeFileSync(process.env.READY, String(process.pid)); };`;

export function tinyLaunch(script: string, readyFile: string): Launch {
  return {
    program: process.execPath,
    args: ['-e', `${PRELUDE}\n${script}`],
    env: { READY: readyFile },
    isAlive: async (timeoutMs) => {
      // Says its port in a file beside the other, where it has one; the others are alive as long as they live.
      const port = existsSync(`${readyFile}.port`) ? readFileSync(`${readyFile}.port`, 'utf8') : null;
      if (port === null) return true;
      const answer = fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(timeoutMs) });
      return answer.then(
        ({ ok }) => ok,
        () => false,
      );
    },
    isReady: async () => {
      try {
        return readFileSync(readyFile, 'utf8') !== '';
      } catch {
        return false;
      }
    },
  };
}

export interface Tiny {
  readonly process: ServiceProcess;
  readonly news: string[];
  readonly output: string[];
  readonly gaveUp: Promise<BatonError>;
}

export function startTiny(
  name: string,
  launch: ServiceSpec['launch'],
  dependency: Dependency = ALWAYS_THERE,
  liveness: LivenessTiming = LIVENESS,
): Tiny {
  const news: string[] = [];
  const output: string[] = [];
  const { promise: gaveUp, resolve } = Promise.withResolvers<BatonError>();
  const spec = { name, launch, onOutput: (line: string) => void output.push(line) };
  const hooks = { dependency, liveness, onNews: (line: string) => void news.push(line), onGiveUp: resolve };
  return { process: new ServiceProcess(spec, hooks), news, output, gaveUp };
}

/** Whether the process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 8_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not happen within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Holds a TCP port of 127.0.0.1. */
export async function holdPort(): Promise<{ readonly port: number; release(): void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, release: () => server.close() };
}
