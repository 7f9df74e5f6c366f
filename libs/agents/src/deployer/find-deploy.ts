import { BatonError, describeError } from '@baton/contracts';
import { type BlobStore, getFile, getTree, textOf } from '@baton/workspace';
import type { DeploySection } from '../checks/deploy-section.js';
import { readToolsFile, TOOLS_FILE } from '../checks/tools-file.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import type { DeployArguments } from './deploy-arguments.js';

/** How a version is deployed: as the tools file of its base says, or as was said with the task where it has no base. */
export async function findDeploy(
  { base, deploy }: Pick<DeployArguments, 'base' | 'deploy'>,
  store: BlobStore,
): Promise<OrFailure<DeploySection>> {
  if (base == null)
    return deploy == null
      ? invalidInput(
          'The task says neither `base`, whose tools file says how to deploy, nor `deploy`, the command itself.',
        )
      : { ok: true, value: deploy };
  const file = (await getTree(store, base)).find(({ path }) => path === TOOLS_FILE);
  const text = file === undefined ? null : textOf(await getFile(store, file));
  if (text === null)
    return invalidInput(
      `The workspace has no ${TOOLS_FILE}, so nobody says how it is deployed: give it one with a section deploy.`,
    );
  try {
    const found = readToolsFile(text).deploy;
    return found === null
      ? invalidInput(`${TOOLS_FILE} has no section deploy: say the command there, as docs/more-hands.md shows.`)
      : { ok: true, value: found };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.code !== 'tools-file-broken') throw thrown;
    return invalidInput(describeError(thrown));
  }
}
