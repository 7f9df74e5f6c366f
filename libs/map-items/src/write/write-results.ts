import type { Json, JsonObject } from '@baton/contracts';
import { getTree, MAX_FILE_BYTES, putTree, type TreeFile, withFiles } from '@baton/workspace';
import { quoted, unfit } from '../item-failure.js';
import { IntoBucket, IntoWorkspace, type WriteTask } from '../items-task.js';
import { argumentsAs, type ItemSources } from '../read/open-items.js';
import { type ResultFile, resultFiles } from './result-files.js';

/**
 * Writes the results of a Map and gives where they are. The places follow from the run and the visit of the state, so a task
 * that comes twice writes the same to the same places. What names the others, the manifest, is written last.
 */
export async function writeResults(task: WriteTask, sources: ItemSources, signal: AbortSignal): Promise<JsonObject> {
  const files = await resultFiles(task, sources.blobs);
  if (/:s3:putObject$/.test(task.resource)) return intoBucket(task, files, sources, signal);
  if (task.resource === 'baton:blob') return intoBlobs(task, files, sources);
  if (task.resource === 'baton:workspace') return intoWorkspace(task, files, sources);
  throw unfit(`Nothing is written here to ${quoted(task.resource)}.`);
}

async function intoBucket(
  task: WriteTask,
  files: readonly ResultFile[],
  { storage }: ItemSources,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { Bucket, Prefix } = argumentsAs(IntoBucket, task.arguments);
  const folder = folderOf(task, Prefix);
  for (const { name, bytes } of files)
    await storage.put(Bucket, `${folder}/${name}`, bytes, 'application/json', signal);
  const Key = `${folder}/manifest.json`;
  const manifest = manifestOf(task, Bucket, files, ({ name }) => ({ Key: `${folder}/${name}` }));
  await storage.put(Bucket, Key, manifest, 'application/json', signal);
  return { Bucket, Key };
}

async function intoBlobs(task: WriteTask, files: readonly ResultFile[], { blobs }: ItemSources): Promise<JsonObject> {
  const hashes = new Map<string, string>();
  for (const { name, bytes } of files) hashes.set(name, (await blobs.put(bytes)).sha256);
  const manifest = manifestOf(task, null, files, ({ name }) => ({ Key: name, Sha256: hashes.get(name) ?? null }));
  const { sha256: Sha256 } = await blobs.put(manifest);
  return { Sha256 };
}

async function intoWorkspace(
  task: WriteTask,
  files: readonly ResultFile[],
  { blobs }: ItemSources,
): Promise<JsonObject> {
  const { Tree, Prefix } = argumentsAs(IntoWorkspace, task.arguments);
  const folder = folderOf(task, Prefix);
  const added: TreeFile[] = [];
  const manifest = manifestOf(task, null, files, ({ name }) => ({ Key: `${folder}/${name}` }));
  for (const { name, bytes } of [...files, { name: 'manifest.json', bytes: manifest }]) {
    if (bytes.length > MAX_FILE_BYTES) throw unfit(`${name} is too large for a file of a workspace.`);
    added.push({ path: `${folder}/${name}`, mode: '100644', ...(await blobs.put(bytes)) });
  }
  const before = Tree === undefined ? [] : await getTree(blobs, Tree);
  return { Tree: await putTree(blobs, withFiles(before, added)), Key: `${folder}/manifest.json` };
}

/** A folder for each time that a state was entered. */
const folderOf = ({ mapRun }: WriteTask, prefix: string): string => {
  const under = prefix.replace(/^\/+|\/+$/g, '');
  return `${under === '' ? '' : `${under}/`}${mapRun.replaceAll(':', '-')}`;
};

function manifestOf(
  { mapRun, resource }: WriteTask,
  bucket: string | null,
  files: readonly ResultFile[],
  placeOf: (file: ResultFile) => JsonObject,
): Buffer {
  const of = (wanted: ResultFile['status']): Json =>
    files.filter(({ status }) => status === wanted).map((file) => ({ ...placeOf(file), Size: file.bytes.length }));
  const manifest: JsonObject = {
    DestinationBucket: bucket ?? resource,
    MapRunArn: mapRun,
    ResultFiles: { FAILED: of('FAILED'), PENDING: [], SUCCEEDED: of('SUCCEEDED') },
  };
  return Buffer.from(JSON.stringify(manifest));
}
