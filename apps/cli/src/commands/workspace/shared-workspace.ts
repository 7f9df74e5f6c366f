import { GatewayRefused } from '@baton/client';
import type { WorkspaceInput } from '@baton/contracts';
import type { Snapshot } from '@baton/workspace';
import type { Context } from '../../context.js';
import type { Gateway } from '../../gateway/gateway.js';
import { writeLine } from '../../output.js';
import { getLineage } from './lineages.js';
import { uploadWorkspace } from './submit-workspace.js';

/** A folder as it was read, and how it was named. */
export interface ReadFolder {
  readonly snapshot: Snapshot;
  readonly folder: string;
}

/**
 * What a run that lands on a lineage begins from: its head, or the files of a folder, which have to be a version of it. Of a
 * lineage that is not there yet those files are the first version.
 */
export async function sharedWorkspace(
  context: Context,
  gateway: Gateway,
  lineage: string,
  read: ReadFolder | null,
): Promise<WorkspaceInput> {
  const { interrupted: signal } = context;
  if (read === null) {
    const { workspace, head } = await getLineage(gateway, lineage, signal);
    tell(context, `The run begins from version ${head.number} of ${lineage}, and lands on it.`);
    return { ...workspace, tree: head.tree, lineage };
  }
  const workspace = await uploadWorkspace(context, gateway, read.snapshot, read.folder);
  const isMade = await make(gateway, lineage, workspace, signal);
  tell(context, isMade ? `Made the lineage ${lineage} of these files.` : `The run lands on the lineage ${lineage}.`);
  return { ...workspace, lineage };
}

/** False where it is there. The gateway knows whether the files are a version of it. */
async function make(gateway: Gateway, name: string, workspace: WorkspaceInput, signal: AbortSignal): Promise<boolean> {
  try {
    await gateway.post('/v1/lineages', { body: { name, workspace }, signal });
    return true;
  } catch (thrown) {
    if (thrown instanceof GatewayRefused && thrown.code === 'lineage-exists') return false;
    throw thrown;
  }
}

const tell = ({ io, format }: Context, line: string): void => {
  if (format === 'table') writeLine(io.err, line);
};
