import { z } from 'zod';
import { RunId } from './ids.js';

/** A version of a workspace: the SHA-256 (hex) of its tree. */
export const TreeVersion = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 as 64 hexadecimal digits');
export type TreeVersion = z.infer<typeof TreeVersion>;

/** The name of a line of versions that several runs work on. */
export const LineageName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected lower case letters, digits, dots, dashes and underscores');
export type LineageName = z.infer<typeof LineageName>;

/** What a run works on, as it stands in its input and goes to its tasks. */
export const WorkspaceInput = z.strictObject({
  tree: TreeVersion,
  /** The commit that the files are, or lie over. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/, 'expected the whole id of a commit')
    .optional(),
  /** The lineage that the run lands on, of which `tree` is a version. */
  lineage: LineageName.optional(),
  /** The folder of the repository that the workspace is, as `a/b/`; its root where it is left out. */
  prefix: z.string().min(1).max(300).optional(),
  /** As the user named that commit. */
  ref: z.string().min(1).max(300).optional(),
  name: z.string().min(1).max(300).optional(),
});
export type WorkspaceInput = z.infer<typeof WorkspaceInput>;

/** What a task made of a workspace: the version that the run began from, and the one that there is now. */
export const WorkspaceMade = z.object({ base: TreeVersion, tree: TreeVersion });
export type WorkspaceMade = z.infer<typeof WorkspaceMade>;

const LeftOutFile = z.object({ path: z.string(), reason: z.string() });

/** `POST /v1/workspaces` (a tar stream). */
export const WorkspaceUploaded = z.object({
  tree: TreeVersion,
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  leftOut: z.array(LeftOutFile),
});
export type WorkspaceUploaded = z.infer<typeof WorkspaceUploaded>;

const WorkspaceFile = z.object({
  path: z.string(),
  mode: z.enum(['100644', '100755']),
  sha256: TreeVersion,
  size: z.int().nonnegative(),
});

/** `GET /v1/workspaces/{tree}` as JSON; as `application/x-tar` it is the files themselves. */
export const WorkspaceView = z.object({
  tree: TreeVersion,
  bytes: z.int().nonnegative(),
  files: z.array(WorkspaceFile),
});
export type WorkspaceView = z.infer<typeof WorkspaceView>;

/**
 * `GET /v1/runs/{id}/diff?from=N&to=M` as JSON; as `text/x-diff` it is a patch. Rounds count from 1, and 0 is what the run
 * began from. Without `from` it is what the run itself changed: what differs from `base`, on which the round `to` stands. That
 * is another version than the run began from where it merged what others landed.
 */
export const RunDiff = z.object({
  runId: RunId,
  base: TreeVersion,
  rounds: z.array(
    z.object({
      round: z.int().positive(),
      tree: TreeVersion,
      /** What the round stands on. */
      base: TreeVersion,
      at: z.iso.datetime(),
    }),
  ),
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  files: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['added', 'removed', 'changed', 'mode']),
      before: WorkspaceFile.nullable(),
      after: WorkspaceFile.nullable(),
    }),
  ),
});
export type RunDiff = z.infer<typeof RunDiff>;
