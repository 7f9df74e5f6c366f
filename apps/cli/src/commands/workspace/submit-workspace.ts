import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { GatewayRefused } from '@baton/client';
import type { JsonObject, WorkspaceInput } from '@baton/contracts';
import { type LeftOut, packFiles, type Snapshot, snapshotFolder } from '@baton/workspace';
import type { Context } from '../../context.js';
import type { Gateway } from '../../gateway/gateway.js';
import { writeLine } from '../../output.js';

export interface WorkspaceOptions {
  readonly workspace?: string;
  readonly ref?: string;
}

/** Git as the user has it: their own settings say what they ignore everywhere. */
export const gitOf = ({ env }: Pick<Context, 'env'>) => ({ searchPath: env.all.PATH, home: env.all.HOME });

/** Reads the folder, or the commit, and says what was taken and what was left out. Nothing is sent yet. */
export async function readWorkspace(context: Context, folder: string, ref: string | undefined): Promise<Snapshot> {
  const snapshot = await snapshotFolder(resolve(context.env.workingDirectory, folder), { ref, ...gitOf(context) });
  writeLine(context.io.err, `${snapshot.note} ${sizeOf(snapshot)}`);
  for (const line of leftOutLines(snapshot.leftOut)) writeLine(context.io.err, line);
  return snapshot;
}

const sizeOf = ({ tree, bytes }: Snapshot): string =>
  `${tree.length} ${tree.length === 1 ? 'file' : 'files'}, ${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB.`;

const MOST_SHOWN = 20;

/** What was left out, with the reason, as far as anybody reads. */
function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const shown = leftOut.slice(0, MOST_SHOWN).map(({ path, reason }) => `  ${path}: ${reason}`);
  const more = leftOut.length - shown.length;
  return ['Left out:', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

const UPLOAD_MS = 300_000;

/** Sees to it that the server has the workspace, and gives what the input of a run says of it. */
export async function uploadWorkspace(
  context: Context,
  gateway: Gateway,
  snapshot: Snapshot,
  folder: string,
): Promise<WorkspaceInput> {
  const { version, commit, ref, prefix } = snapshot;
  const tree = (await isThere(context, gateway, version)) ? version : await upload(context, gateway, snapshot);
  const name = basename(resolve(context.env.workingDirectory, folder)).slice(0, 300);
  return {
    tree,
    ...(commit === null ? {} : { commit }),
    ...(ref === null ? {} : { ref }),
    ...(prefix === '' ? {} : { prefix }),
    ...(name === '' ? {} : { name }),
  };
}

/** An input with the workspace that it names, or without one. */
export const inputWith = (input: JsonObject, workspace: { readonly workspace?: WorkspaceInput }): JsonObject =>
  // What is undefined is no member of it.
  JSON.parse(JSON.stringify({ ...input, ...workspace }));

/** Asked for what is not in itself: an answer as short as can be. */
async function isThere({ interrupted }: Context, gateway: Gateway, version: string): Promise<boolean> {
  try {
    const params = { path: { tree: version }, query: { since: version } };
    await gateway.get('/v1/workspaces/{tree}', { params, signal: interrupted });
    return true;
  } catch (thrown) {
    if (thrown instanceof GatewayRefused && thrown.status === 404) return false;
    throw thrown;
  }
}

async function upload({ io, interrupted }: Context, gateway: Gateway, snapshot: Snapshot): Promise<string> {
  const files = async function* () {
    for await (const { file, bytes } of snapshot.contents()) yield { path: file.path, mode: file.mode, bytes };
  };
  const archive = Readable.toWeb(packFiles(files()));
  const { tree, leftOut } = await gateway.post('/v1/workspaces', {
    body: '',
    bodySerializer: () => archive,
    headers: { 'content-type': 'application/x-tar' },
    duplex: 'half',
    signal: interrupted,
    timeoutMs: UPLOAD_MS,
  });
  // A gateway of another version may know more secrets.
  for (const line of leftOutLines(leftOut)) writeLine(io.err, line);
  return tree;
}
