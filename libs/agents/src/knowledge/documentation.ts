import type { JsonObject } from '@baton/contracts';
import type { RunFile } from '@baton/knowledge';
import { getFile, sha256Of } from '@baton/workspace';
import { z } from 'zod';
import { DeliverableFile } from '../task/file-set.js';
import type { OpenWorkspace } from '../workbench/on-workspace.js';

/** What the requester points to: the locations, and the files of the run that they may be among. */
export interface Documentation {
  readonly locations: readonly string[];
  readonly files: readonly RunFile[];
}

const Pointing = z.object({
  documentationLocations: z.array(z.string()).min(1),
  files: z.array(DeliverableFile).catch([]).default([]),
});

/**
 * The documentation that the arguments of a task point to; null where they point to none. The files are those that the run
 * began from: what an agent wrote since is no documentation of the requester's.
 */
export function documentationOf(variables: JsonObject, workspace: OpenWorkspace | null): Documentation | null {
  const pointing = Pointing.safeParse(variables);
  if (!pointing.success) return null;
  const { documentationLocations: locations, files } = pointing.data;
  return { locations, files: workspace === null ? files.map(givenFile) : filesOf(workspace) };
}

const filesOf = ({ base, store }: OpenWorkspace): readonly RunFile[] =>
  base.map((file) => ({
    path: file.path,
    size: file.size,
    sha256: file.sha256,
    read: () => getFile(store, file),
  }));

function givenFile({ path, content }: DeliverableFile): RunFile {
  const bytes = Buffer.from(content, 'utf8');
  return { path, size: bytes.length, sha256: sha256Of(bytes), read: async () => bytes };
}
