import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { endOrphans } from './none/kill-run.js';
import { openRunFolder } from './run-folder.js';
import { hasSandbox, processesLike } from './testing/attack.js';

const RUN_SOURCE = fileURLToPath(new URL('../../../scripts/testing/run-source.mjs', import.meta.url));
const SERVICE = fileURLToPath(new URL('./testing/doomed-service.ts', import.meta.url));

describe.each(['bwrap', 'none'] as const)('a service that is killed, with the driver %s', (driver) => {
  it.skipIf(driver === 'bwrap' ? !hasSandbox : process.platform !== 'linux')(
    'takes its commands with it, and the next one removes its folders',
    async () => {
      const parent = await mkdtemp(join(tmpdir(), 'baton-killed-'));
      onTestFinished(() => rm(parent, { recursive: true }));
      await chmod(parent, 0o711);
      const args = ['--conditions=@baton/source', `--import=${RUN_SOURCE}`, SERVICE, parent, driver];
      const service = spawn(process.execPath, args, { stdio: 'inherit' });
      const areAtWork = async () =>
        expect([await processesLike('sleep 67'), await processesLike('sleep 68')]).toEqual([1, 1]);
      await vi.waitFor(areAtWork, 20_000);
      service.kill('SIGKILL');
      await once(service, 'exit');
      // What left the group of its command outlives that where no namespace holds it, until somebody starts.
      if (driver === 'none') await endOrphans(new Date());
      await vi.waitFor(
        async () => expect([await processesLike('sleep 67'), await processesLike('sleep 68')]).toEqual([0, 0]),
        5000,
      );
      expect(await readdir(parent)).toHaveLength(1);
      const folder = await openRunFolder(parent, new Date());
      expect(await readdir(parent)).toHaveLength(1);
      await folder.remove();
      expect(await readdir(parent)).toEqual([]);
    },
  );
});
