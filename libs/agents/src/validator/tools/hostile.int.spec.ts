import { spawn } from 'node:child_process';
import { access, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@baton/workspace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolReport } from '../../task/outputs.js';
import { bare, best, choose } from '../../testing/sandboxes.js';
import { findPython } from './find-python.js';
import { type ChosenCheck, DEFAULT_LIMITS, runTools, type ToolSettings } from './run-tools.js';
import { findToolchain } from './tool-files.js';

const python = await findPython();
/** What executes a deliverable. The other tools only read it, which types-containment.int.spec.ts is about. */
const EXECUTING: readonly ChosenCheck[] = [{ name: 'tests', arguments: [] }];
/** For what would never end. */
const SHORT = { wallMs: 2000, cpuSeconds: 2 };

/** Deliverables that mean harm. What the sandbox itself holds is in libs/sandbox. */
describe.each([
  ['in the sandbox', best],
  ['executed as if it could be trusted', bare],
])('a hostile deliverable, %s,', (_, choice) => {
  let tmpDir: string;
  beforeEach(async () => {
    tmpDir = await mkdtemp(join(tmpdir(), 'baton-hostile-'));
    // A validator that is root works as somebody else there.
    await chmod(tmpDir, 0o711);
  });
  afterEach(async () => {
    expect(await readdir(tmpDir), 'folders left behind').toEqual([]);
    await rm(tmpDir, { recursive: true });
  });

  const settings = (limits: Partial<ToolSettings['limits']> = {}): ToolSettings => ({
    isOfflineWork: async () => false,
    sandbox: async () => choice,
    toolchain: findToolchain,
    limits: { ...DEFAULT_LIMITS, wallMs: 20_000, cpuSeconds: 20, ...limits },
    tmpDir,
    blobs: memoryStore(),
    now: () => new Date(),
    python: async () => python,
  });

  const attack = async (
    code: string,
    limits: Partial<ToolSettings['limits']> = {},
    signal = new AbortController().signal,
    within = choice,
    only: readonly ChosenCheck[] | undefined = EXECUTING,
  ): Promise<{ readonly report: ToolReport; readonly text: string; readonly tests: ToolReport['tools'][number] }> => {
    const files = [
      { path: 'package.json', content: '{ "type": "module" }' },
      { path: 'a.test.ts', content: `import { test } from 'node:test';\n${code}\n` },
    ];
    const testCommand = 'node --test';
    const report = await runTools(
      { tools: true, language: 'typescript', files, testCommand, writtenBy: 'a stranger' },
      { ...settings(limits), sandbox: async () => within },
      signal,
      only,
    );
    const tests = report.tools.find(({ tool }) => tool === 'tests');
    if (tests === undefined) throw new Error('no tests');
    return { report, tests, text: JSON.stringify(tests.findings) };
  };

  const exists = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );

  it('that never ends is stopped at its time limit', async () => {
    const { tests } = await attack("test('loops', () => { for (;;) {} });", SHORT);
    expect(tests).toMatchObject({ status: 'failed' });
    expect(tests.durationMs).toBeLessThan(10_000);
    expect(tests.findings.length).toBeGreaterThan(0);
  });

  it('that waits for ever is stopped at its time limit', async () => {
    const { tests, text } = await attack("test('waits', () => new Promise(() => setInterval(() => {}, 1000)));", SHORT);
    expect(tests).toMatchObject({ status: 'failed' });
    expect(text).toMatch(/timed out|time limit/);
  });

  it('that hangs the compiler or the parser cannot hold the worker', async () => {
    const each = (['parse', 'types', 'tests'] as const).map((name) => ({ name, arguments: [] }));
    const { report } = await attack("test('x', () => {});", { wallMs: 1 }, undefined, choice, each);
    expect(report.failing).toEqual(['parse', 'types', 'tests']);
    expect(JSON.stringify(report.tools[0])).toContain('time limit');
  });

  it('that is let go is ended at once', async () => {
    const signal = AbortSignal.timeout(700);
    const startedMs = performance.now();
    await expect(attack("test('loops', () => { for (;;) {} });", {}, signal)).rejects.toThrow(/timeout/);
    expect(performance.now() - startedMs).toBeLessThan(6000);
  });

  it('that leaves processes behind, also detached ones, leaves none', async () => {
    const { tests } = await attack(
      `
      import { spawn } from 'node:child_process';
      test('leaves', async () => {
        const script = 'echo started >&2; sleep 73';
        const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'inherit', 'pipe'] });
        await new Promise((resolve) => child.stderr.once('data', resolve));
        child.stderr.destroy();
        child.unref();
      });`,
      SHORT,
    );
    expect(tests.durationMs).toBeLessThan(10_000);
    if (process.platform === 'linux') expect(await processesNamed('sleep\0' + '73')).toBe(0);
  });

  it('that prints a gigabyte does not fill the memory of the worker', async () => {
    const { tests } = await attack(`
      test('prints', () => { const line = 'x'.repeat(1e3) + '\\n'; for (let i = 0; i < 1e6; i++) process.stdout.write(line); });`);
    expect(JSON.stringify(tests).length).toBeLessThan(64 * 1024);
    expect(tests.durationMs).toBeLessThan(10_000);
  });

  it.skipIf(python === null)('that prints a gigabyte from Python is stopped at the output limit', async () => {
    const content = `import unittest
class T(unittest.TestCase):
    def test_prints(self):
        for _ in range(1000):
            print("x" * 1_000_000)
`;
    const files = [{ path: 'test_a.py', content }];
    const report = await runTools(
      { tools: true, language: 'python', files, testCommand: '', writtenBy: 'a stranger' },
      settings(),
      new AbortController().signal,
    );
    const tests = report.tools.find(({ tool }) => tool === 'tests');
    expect(tests).toMatchObject({ status: 'failed', reason: expect.stringContaining('last 65536 bytes') });
    expect(JSON.stringify(tests)).toContain('printed more than');
  });

  it('that takes all memory is ended, on and off the heap', async () => {
    const limits = { memoryMb: 1200 };
    const heap = await attack(
      "test('hog', () => { const a: number[][] = []; for (;;) a.push(new Array(1e6).fill(1)); });",
      limits,
    );
    expect(heap.tests).toMatchObject({ status: 'failed' });
    if (process.platform !== 'linux') return;
    const buffers = await attack(
      "test('hog', () => { const a: Buffer[] = []; for (let i = 0; i < 40; i++) a.push(Buffer.alloc(1e8, 1)); });",
      limits,
    );
    expect(buffers.text).toMatch(/memory|allocation/i);
  });

  it('that looks for our secrets in its environment finds none', async () => {
    process.env.BATON_HOSTILE_SPEC_SECRET = 'hunter2';
    const { text } = await attack(`
      import { readFileSync } from 'node:fs';
      test('environment', () => { throw new Error('saw ' + Object.keys(process.env).sort().join(' ')); });
      test('parents', () => { throw new Error('read ' + readFileSync('/proc/' + process.ppid + '/environ', 'utf8')); });
      test('passwords', () => { throw new Error('read ' + readFileSync('/etc/passwd', 'utf8')); });`);
    delete process.env.BATON_HOSTILE_SPEC_SECRET;
    expect(text).toMatch(/saw [A-Z_ ]*HOME/);
    expect(text).not.toMatch(/SECRET|hunter2|DATABASE_URL|API_KEY/);
    expect(text).not.toContain('root:');
    expect(text).toContain('restricted');
  });

  it.skipIf(process.platform !== 'linux')('that asks another program for our secrets gets none from it', async () => {
    const secrets = await mkdtemp(join(tmpdir(), 'baton-hostile-home-'));
    await chmod(secrets, 0o755);
    const mark = 'BATON_HOSTILE_SPEC_CHILD';
    const holder = spawn('sleep', ['30'], { env: { [mark]: 'hunter2' } });
    await writeFile(join(secrets, 'token'), 'hunter2\n', { mode: 0o644 });
    const hiding = choice === bare ? await choose({ setting: 'none', hidden: [secrets, homedir()] }) : choice;
    try {
      const { text } = await attack(
        `
        import { execFileSync } from 'node:child_process';
        const ask = (script: string) => { throw new Error('said ' + execFileSync('sh', ['-c', script + ' 2>&1 || true'])); };
        test('user', () => ask('id -u; grep Cap /proc/self/status | tr -d "\\n"'));
        test('files', () => ask('cat ${secrets}/token; cat /etc/shadow; ls -a ${homedir()}'));
        test('processes', () => ask('cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep -a BATON_HOSTILE; ls /proc | grep -c "^[0-9]"'));
        test('descriptors', () => ask('ls -l /proc/self/fd/ | grep -v pipe | grep -v null'));
        test('escape', () => ask('umount ${secrets}; mount -t proc proc /proc; kill -9 ${holder.pid}; cat ${secrets}/token'));`,
        {},
        undefined,
        hiding,
      );
      expect(text).not.toMatch(/hunter2|root:|SPEC_CHILD/);
      expect(text).toContain('user');
      const isRoot = process.getuid?.() === 0;
      if (hiding.sandbox.driver === 'bwrap') expect(text).toMatch(/said 1000/);
      else if (isRoot) expect(text).toMatch(/said 60999/);
      if (hiding.sandbox.driver === 'bwrap' || isRoot) {
        expect(text).toMatch(/CapEff:\\t0{16}/);
        expect(holder.exitCode ?? holder.signalCode).toBeNull();
      }
    } finally {
      holder.kill('SIGKILL');
      await rm(secrets, { recursive: true });
    }
  });

  it('that writes outside its folder is refused', async () => {
    const outside = join(tmpDir, '..', `baton-hostile-${process.pid}.txt`);
    const { tests, text } = await attack(`
      import { writeFileSync } from 'node:fs';
      test('outside', () => writeFileSync('${outside}', 'x'));
      test('our settings', () => writeFileSync('../own/tsconfig.json', '{}'));
      test('inside', () => writeFileSync('inside.txt', 'x'));`);
    expect(await exists(outside)).toBe(false);
    // In the sandbox that path is in a temporary folder of its own.
    if (choice === bare) expect(text).toMatch(/outside.*restricted/);
    expect(text).toMatch(/our settings.*restricted/);
    expect(text).not.toContain('test \\"inside');
    expect(tests.status).toBe('failed');
  });

  it('that locks its own folders cannot keep them', async () => {
    const { tests } = await attack(`
      import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
      test('locks', () => { mkdirSync('d'); writeFileSync('d/f', 'x'); chmodSync('d', 0); });`);
    expect(tests.status).toBe('passed');
  });

  it('that multiplies is ended with all its children', async () => {
    const { tests } = await attack(`
      import { spawn } from 'node:child_process';
      test('multiplies', () => {
        for (let i = 0; i < 20; i++) spawn('sh', ['-c', 'sleep 61 & sleep 61'], { detached: true, stdio: 'ignore' }).unref();
      });`);
    expect(tests.durationMs).toBeLessThan(10_000);
    if (process.platform === 'linux') expect(await processesNamed('sleep\0' + '61')).toBe(0);
  });
});

async function processesNamed(commandLine: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.startsWith(commandLine)).length;
}
