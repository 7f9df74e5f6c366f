import { chown, lstat, mkdir } from 'node:fs/promises';
import { BatonError } from '@baton/contracts';
import { accountOfCommands } from '@baton/sandbox';

/**
 * Makes the folder that deployments may write to, where it is not there: then it belongs to whom commands run as. One that is
 * there stays whose it is.
 *
 * @throws BatonError `invalid-environment` where it is no folder or cannot be made
 */
export async function openTarget(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true }).catch(() => null);
  const info = await lstat(folder).catch(() => null);
  if (info?.isDirectory() !== true)
    throw new BatonError(`BATON_DEPLOY_DIR names ${folder}, which is no folder and cannot be made one.`, {
      code: 'invalid-environment',
      next: 'Make the folder, or name another one.',
    });
  const account = accountOfCommands();
  if (made != null && account !== null) await chown(folder, account.uid, account.gid);
}
