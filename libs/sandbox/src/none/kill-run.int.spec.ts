import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processSpace } from '../process-space.js';
import { endOrphans, markOf } from './kill-run.js';

/** A process in a session of its own, with a mark in its environment. */
function marked(mark: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn('/bin/sleep', ['61'], { env: { PATH: '/usr/bin:/bin', ...mark }, detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const endedBy = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[1];

describe.skipIf(process.platform !== 'linux')('what is left of runs without a sandbox', () => {
  it('is ended where the process that ran it is no more, and left alone where it is', async () => {
    const gone = spawn('/bin/true');
    await once(gone, 'exit');
    const [name = '', value = ''] = Object.entries(markOf('word'))[0] ?? [];
    expect(value).toBe(`${processSpace()}-${process.pid}-word`);
    const orphan = marked({ [name]: `${processSpace()}-${gone.pid}-word` });
    const elsewhere = marked({ [name]: `1-${gone.pid}-word` });
    const ours = marked(markOf('word'));
    const ended = endedBy(orphan);
    await endOrphans(new Date());
    expect(await ended).toBe('SIGKILL');
    expect([ours.exitCode, ours.signalCode, elsewhere.signalCode]).toEqual([null, null, null]);
  });
});
