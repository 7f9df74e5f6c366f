import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { attack, hasSandbox, pidsLike } from '../testing/attack.js';
import { foldersWithin } from './first-process.js';

describe.skipIf(process.platform !== 'linux')('the folders of a sandbox', () => {
  it('are none while it has the root of this machine, whose /tmp holds what it likes', async () => {
    const child = spawn('sleep', ['66.25']);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    expect(foldersWithin({ pid: child.pid ?? 0 }, ['/tmp'])).toEqual([]);
  });

  it('are none when it is over', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(foldersWithin({ pid: child.pid ?? 0 }, ['/tmp'])).toEqual([]);
  });

  it.skipIf(!hasSandbox)('are its own once it has a root of its own', async () => {
    const over = new AbortController();
    const running = attack('exec sleep 66.5', { signal: over.signal });
    const [pid = 0] = await vi.waitFor(async () => {
      const pids = await pidsLike('sleep 66.5');
      expect(pids).toHaveLength(1);
      return pids;
    }, 10_000);
    expect(foldersWithin({ pid }, ['/tmp', '/dev/shm'])).toEqual([
      `/proc/${pid}/root/tmp`,
      `/proc/${pid}/root/dev/shm`,
    ]);
    over.abort();
    expect((await running).record.stopped).toBe('aborted');
  });
});
