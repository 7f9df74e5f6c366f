import type { Json, JsonObject } from '@baton/contracts';
import { getTree, MAX_FILE_BYTES, putTree, type TreeFile, withFiles } from '@baton/workspace';
import { quoted, unfit } from '../item-failure.js';
import { IntoBucket, IntoWorkspace, type WriteTask } from '../items-task.js';
import { argumentsAs, type ItemSources } from '../read/open-items.js';
import { putAgain } from '../storage/put-again.js';
import { type ResultFile, resultFiles } from './result-files.js';

/**
 * Writes the results of a Map and gives where they are. The places follow from the run and the visit of the state, so a task
 * that comes twice writes the same to the same places. What names the others, the manifest, is written last.
 */
export async function writeResults(task: WriteTask, sources: ItemSources, signal: AbortSignal): Promise<JsonObject> {
  assertWritable(task, sources);
  const files = await resultFiles(task, sources.blobs);
  if (isBucket(task.resource)) return intoBucket(task, files, sources, signal);
  if (task.resource === 'baton:blob') return intoBlobs(task, files, sources);
  return intoWorkspace(task, files, sources);
}

const isBucket = (resource: string): boolean => /:s3:putObject$/.test(resource);

/** Whether results may go there, as far as that can be said without asking anybody. @throws ItemFailure */
export function assertWritable(
  { resource, arguments: given }: Pick<WriteTask, 'resource' | 'arguments'>,
  { storage }: Pick<ItemSources, 'storage'>,
): void {
  if (isBucket(resource)) storage.assertWritable(argumentsAs(IntoBucket, given).Bucket);
  else if (resource === 'baton:workspace') argumentsAs(IntoWorkspace, given);
  else if (resource !== 'baton:blob') throw unfit(`Nothing is written here to ${quoted(resource)}.`);
}

async function intoBucket(
  task: WriteTask,
  files: readonly ResultFile[],
  { storage, pause }: ItemSources,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { Bucket, Prefix } = argumentsAs(IntoBucket, task.arguments);
  const folder = folderOf(task, Prefix);
  const put = (key: string, bytes: Buffer): Promise<void> =>
    putAgain(() => storage.put(Bucket, key, bytes, 'application/json', signal), signal, pause);
  for (const { name, bytes } of files) await put(`${folder}/${name}`, bytes);
  const Key = `${folder}/manifest.json`;
  const manifest = manifestOf(task, Bucket, files, ({ name }) => ({ Key: `${folder}/${name}` }));
  await put(Key, manifest);
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
