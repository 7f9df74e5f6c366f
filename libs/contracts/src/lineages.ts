import { z } from 'zod';
import { RunId } from './ids.js';
import { Actor } from './intake.js';
import { LineageName, TreeVersion, WorkspaceInput } from './workspaces.js';

/*
 * A lineage is a named line of versions of a workspace that several runs work on. Its newest version is the head. A run lands
 * its version by moving the head from the version that it knew; where the head is another one by then, it merges first.
 */

/** One version of a lineage. The first was made with it, and is no run's. */
export const LineageVersion = z.object({
  /** Counts from 1. What it was landed on is the one before. */
  number: z.int().positive(),
  tree: TreeVersion,
  recordedAt: z.string(),
  runId: RunId.nullable(),
  /** The state of the run that landed it. */
  state: z.string().nullable(),
  /** Who made the lineage, or submitted the run. */
  actor: Actor,
});
export type LineageVersion = z.infer<typeof LineageVersion>;

export const LineageView = z.object({
  name: LineageName,
  /** What it was made with. */
  workspace: WorkspaceInput,
  createdAt: z.string(),
  createdBy: Actor,
  head: LineageVersion,
});
export type LineageView = z.infer<typeof LineageView>;

/** `GET /v1/lineages`, by name; `next` is the cursor of the following page, null on the last. */
export const LineageList = z.object({ lineages: z.array(LineageView), next: z.string().nullable() });
export type LineageList = z.infer<typeof LineageList>;

/** `GET /v1/lineages/{name}/versions`, newest first; `next` is the cursor of the following page, null on the last. */
export const LineageLog = z.object({
  name: LineageName,
  versions: z.array(LineageVersion),
  next: z.string().nullable(),
});
export type LineageLog = z.infer<typeof LineageLog>;

/** `POST /v1/lineages`: the workspace was uploaded before. */
export const CreateLineage = z.strictObject({
  name: LineageName,
  workspace: WorkspaceInput.omit({ lineage: true }),
});

/** The arguments of a state that lands a version, `baton:lineage`. */
export const LandArguments = z.strictObject({
  lineage: LineageName,
  /** The version of the lineage that `tree` was made from. */
  from: TreeVersion,
  tree: TreeVersion,
});
export type LandArguments = z.infer<typeof LandArguments>;

/** What comes of it: the head there is now, and whether it is the tree that was to be landed. */
export const Landing = z.object({
  landed: z.boolean(),
  head: LineageVersion.pick({ number: true, tree: true, runId: true }),
});
export type Landing = z.infer<typeof Landing>;
