import { GatewayRefused } from '@baton/client';
import type { WorkspaceMade } from '@baton/contracts';
import type { Context } from '../../context.js';
import type { Gateway } from '../../gateway/gateway.js';
import { writeLine, writeOne } from '../../output.js';
import { writeBranch } from './result-branch.js';
import { writeWorkspace } from './result-folder.js';
import { getDiff, getPatch } from './versions.js';

/* What a run made of its workspace, in the way that was asked for. */

interface Run {
  readonly runId: string;
  readonly workflow: string;
}

/** A patch is data, whatever it is shown on. */
export async function showPatch({ io, interrupted }: Context, gateway: Gateway, { runId }: Run): Promise<void> {
  io.out.write(await getPatch(gateway, runId, {}, interrupted));
}

export async function showBranch(
  context: Context,
  gateway: Gateway,
  options: Run & { readonly branch: string; readonly repo: string },
): Promise<void> {
  const written = await writeBranch(context, gateway, options);
  writeOne(context.io, context.format, written, ({ branch }) => [branch]);
  if (context.format !== 'table') return;
  const { branch, rounds } = written;
  const commits = rounds === 1 ? 'The round of the run is a commit' : `The ${rounds} rounds of the run are commits`;
  writeLine(context.io.err, `${commits} on the new branch ${branch}; nothing else of the repository was touched.`);
  writeLine(context.io.err, `See them with \`git log -p ${branch}\`.`);
}

export async function showFolder(
  context: Context,
  gateway: Gateway,
  { runId, made, out }: Run & { readonly made: WorkspaceMade; readonly out: string },
): Promise<void> {
  // Not what it stands on, where it merged what others landed: the folder may be what the run began from.
  const begun = { ...made, base: await begunFrom(context, gateway, runId, made) };
  const { outDir, files } = await writeWorkspace(context, gateway, begun, out);
  writeOne(context.io, context.format, { runId, outDir, files }, () => files);
  if (context.format !== 'table') return;
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  writeLine(context.io.err, `Wrote ${count} to ${outDir}.`);
}

/** The version that the run began from. */
async function begunFrom(
  { interrupted }: Context,
  gateway: Gateway,
  runId: string,
  { base }: WorkspaceMade,
): Promise<string> {
  try {
    const { rounds } = await getDiff(gateway, runId, {}, interrupted);
    return rounds[0]?.base ?? base;
  } catch (thrown) {
    // Its output names versions that none of its tasks made.
    if (thrown instanceof GatewayRefused && thrown.status === 404) return base;
    throw thrown;
  }
}
