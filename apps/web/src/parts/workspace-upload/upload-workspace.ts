import { api, type Schemas } from '../../api/api.js';
import type { Chosen } from './chosen-files.js';
import { tarOf } from './tar.js';

export type Uploaded = Schemas['WorkspaceUploaded'];

const PATIENCE_MS = 300_000;

/** Packs files in the browser, and uploads them as one archive. What is there already is the same version. @throws GatewayRefused */
export async function uploadWorkspace({ files }: Chosen<File>): Promise<Uploaded> {
  const read = await Promise.all(
    files.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
  const archive = new Blob([...tarOf(read)], { type: 'application/x-tar' });
  return api().post('/v1/workspaces', {
    // The document calls it a text, since JSON has no word for bytes.
    body: '',
    bodySerializer: () => archive,
    headers: { 'content-type': 'application/x-tar' },
    timeoutMs: PATIENCE_MS,
  });
}
