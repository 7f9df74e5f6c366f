import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attack, hasSandbox, processesLike, SHORT } from './testing/attack.js';
import { LIMITS } from './testing/limits.js';

describe.skipIf(!hasSandbox)('a hostile program', () => {
  const holder = { pid: 0, stop: () => {} };
  beforeAll(() => {
    process.env.BATON_HOSTILE_SECRET = 'hunter2';
    const child = spawn('sleep', ['300'], { env: { SECRET: 'hunter2' }, stdio: 'ignore' });
    Object.assign(holder, { pid: child.pid, stop: () => child.kill('SIGKILL') });
  });
  afterAll(() => {
    delete process.env.BATON_HOSTILE_SECRET;
    holder.stop();
  });
  const holderLives = (): boolean => process.kill(holder.pid, 0);

  it('that is a fork bomb is stopped, with all its children', async () => {
    const { record } = await attack('bomb() { bomb | bomb & }; bomb; sleep 64', { limits: { wallMs: 10_000 } });
    expect(['processes', 'memory', 'time']).toContain(record.stopped);
    expect(record.durationMs).toBeLessThan(LIMITS.wallMs);
    expect(await processesLike('sleep 64')).toBe(0);
  });

  it('that forks without end is stopped at the number of its processes', async () => {
    const { record } = await attack('while (1) { fork() // select(undef, undef, undef, 0.05) }', { program: 'perl' });
    expect(['processes', 'time']).toContain(record.stopped);
    expect(record.stopped).toBe('processes');
  });

  it('that starts threads without end is stopped at the same number', async () => {
    const code = `const { Worker } = require('node:worker_threads');
      for (let i = 0; i < 200; i++) new Worker('setInterval(() => {}, 1000)', { eval: true }).on('error', () => {});`;
    const { record } = await attack(code, { program: 'node', limits: { memoryMb: 4096 } });
    expect(record.stopped ?? record.signal ?? record.exitCode).not.toBe(0);
  });

  it('that leaves processes in sessions of their own leaves none', async () => {
    const { record } = await attack(`
      setsid sleep 61 >/dev/null 2>&1 &
      (setsid bash -c 'trap "" HUP TERM; exec sleep 62' </dev/null >/dev/null 2>&1 &)
      sleep 0.2; disown -a; exit 0`);
    expect(record).toMatchObject({ exitCode: 0, stopped: null });
    expect(await processesLike('sleep 61')).toBe(0);
    expect(await processesLike('sleep 62')).toBe(0);
  });

  it('that writes on after its end does not change what is read', async () => {
    const code = `setsid sh -c 'while :; do date +%s%N > tick; done' >/dev/null 2>&1 & sleep 0.3`;
    await attack(code, {
      after: async ({ work }) => {
        const [before, later] = [await readFile(`${work}/tick`), await readFile(`${work}/tick`)];
        expect(later).toEqual(before);
        expect(await processesLike('sh -c while :; do date +%s%N > tick; done')).toBe(0);
      },
    });
  });

  it('that kills everybody it can name kills only itself', async () => {
    const { text } = await attack(`
      kill -9 1; kill -9 $PPID; kill -9 ${process.pid} && echo ESCAPED; kill -9 ${holder.pid} && echo ESCAPED
      echo tried; kill -KILL -1`);
    expect(text).toContain('tried');
    expect(holderLives()).toBe(true);
  });

  it('that ends the first process of its sandbox ends itself', async () => {
    await attack('kill -9 1; kill -SEGV 1; kill -STOP 1; sleep 0.1; echo tried');
    expect(holderLives()).toBe(true);
  });

  it('that listens to no signal is stopped at its time limit', async () => {
    const { record } = await attack(`trap '' TERM INT HUP QUIT XCPU; while :; do :; done`, { limits: SHORT });
    expect(record).toMatchObject({ stopped: 'time', exitCode: null });
    expect(record.durationMs).toBeLessThan(SHORT.wallMs + 3000);
  });

  it('that stops itself is ended at its time limit', async () => {
    expect((await attack('kill -STOP $$; sleep 65', { limits: SHORT })).record.stopped).toBe('time');
  });

  it('that takes all the processor is ended by the limit of processor time', async () => {
    const { record } = await attack('while :; do :; done', { limits: { cpuSeconds: 1 } });
    expect(record).toMatchObject({ signal: 'SIGXCPU', stopped: null });
  });

  it('that is let go is ended at once', async () => {
    const { record } = await attack('sleep 66', { signal: AbortSignal.timeout(300) });
    expect(record.stopped).toBe('aborted');
    expect(await processesLike('sleep 66')).toBe(0);
  });

  it('that takes all memory is ended', async () => {
    const { record } = await attack('my @a; push @a, "x" x 1e7 while 1', {
      program: 'perl',
      limits: { memoryMb: 256 },
    });
    expect(record.exitCode).not.toBe(0);
  });

  it('that takes it in many processes, each below its limit, is ended as well', async () => {
    const code = 'for (1..20) { next if fork; $a = "x" x 6e7; sleep 30; exit } wait for 1..20; print "ESCAPED"';
    const { record } = await attack(code, { program: 'perl', limits: { memoryMb: 256 } });
    expect(record.stopped).toBe('memory');
  });

  it('that takes it in ways that no limit counts is refused those', async () => {
    // memfd_create and shmget.
    const [memfd, shmget] = process.arch === 'arm64' ? [279, 194] : [319, 29];
    const code = `my $n = "x"; print "ESCAPED memfd" if syscall(${memfd}, $n, 0) >= 0; print "ESCAPED shm" if syscall(${shmget}, 0, 1000000, 0600) >= 0; print "tried $!"`;
    expect((await attack(code, { program: 'perl' })).text).toContain('tried Operation not permitted');
  });

  it('that prints a gigabyte is stopped, and little of it is kept', async () => {
    const { record, stdout, isOutputCut } = await attack('head -c 1G /dev/zero | tr "\\0" x');
    expect(record.stopped).toBe('output');
    expect(isOutputCut).toBe(true);
    expect(stdout.length).toBeLessThanOrEqual(LIMITS.keptOutputBytes);
    expect(record.outputBytes).toBeLessThan(8 * LIMITS.outputBytes);
  });

  it('that reads what is typed gets nothing', async () => {
    expect((await attack('cat; read line && echo ESCAPED; cat /dev/tty && echo ESCAPED; echo tried')).text).toContain(
      'tried',
    );
  });

  it('that raises its limits cannot', async () => {
    const { text } = await attack(`
      ulimit -Hu unlimited 2>/dev/null && echo ESCAPED; ulimit -f unlimited 2>/dev/null && echo ESCAPED
      ulimit -d unlimited 2>/dev/null && echo ESCAPED; prlimit --pid $$ --nproc=unlimited 2>/dev/null && echo ESCAPED
      renice -n -20 $$ >/dev/null 2>&1 && echo ESCAPED; chrt -f 1 true 2>/dev/null && echo ESCAPED
      echo tried $(ulimit -u) $(ulimit -Hd)`);
    expect(text).toContain(`tried ${LIMITS.processes} ${LIMITS.memoryMb * 1024}`);
  });

  it('that looks for our environment finds its own and nothing of ours', async () => {
    const { text } = await attack(
      'cat /proc/*/environ /proc/1/task/*/environ | tr "\\0" "\\n" | sort -u; env; echo tried',
    );
    expect(text).toMatch(/HOME=\/home\/sandbox/);
    expect(text).not.toMatch(/BATON|DATABASE_URL|API_KEY/);
  });

  it('that looks for our descriptors finds none', async () => {
    const { stdout } = await attack('for fd in /proc/self/fd/*; do basename $fd; done');
    // The fourth is the folder that was being read.
    expect(stdout.trim().split('\n')).toEqual(['0', '1', '2', '3']);
  });

  it('that lists processes sees its own only', async () => {
    const { stdout } = await attack('ls -d /proc/[0-9]* | wc -l');
    expect(Number(stdout)).toBeLessThan(8);
  });

  it('that dies of a signal is told by its name, and leaves no core', async () => {
    const { record } = await attack('kill -SEGV $$', {
      after: async ({ work }) => {
        expect(await readdir(work)).toEqual([]);
      },
    });
    expect(record).toMatchObject({ signal: 'SIGSEGV', exitCode: null });
  });
});
