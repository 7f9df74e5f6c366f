import { GatewayRefused } from '@baton/client';
import { type ApprovalView, type Json, JsonObject, TreeVersion, type WorkspaceMade } from '@baton/contracts';
import { sha256Of, textOf } from '@baton/workspace';
import { parse } from 'yaml';
import { z } from 'zod';
import { type DeliverableFile, workspaceOf } from '../deliverable.js';
import type { Gateway } from '../gateway/gateway.js';
import { filesOf } from './workspace/versions.js';

/** Two versions of a workspace that a question is about: what is approved, and what it was made from. */
export interface Versions {
  /** The hash of what is approved. */
  readonly tree: string;
  /** The files that differ, as they were and as they are. */
  readonly before: readonly DeliverableFile[];
  readonly after: readonly DeliverableFile[];
  /** What is run once it is approved, where that stands in a file of the older version; null where nothing is. */
  readonly deploy: Json | null;
}

const Deployment = z.object({ tree: TreeVersion, base: TreeVersion });

/** What says how a version is deployed that names a base. */
const TOOLS_FILE = '.baton/tools.yaml';

/** The versions that a question names for what it is about. */
export const madeIn = (question: Json): WorkspaceMade | null =>
  workspaceOf(question) ?? workspaceOf(JsonObject.safeParse(question).data?.code ?? null);

/** The versions themselves, since who asks could show other files beside them. Null where the question names none. */
export async function versionsOf(
  gateway: Gateway,
  { arguments: question }: ApprovalView,
  signal: AbortSignal,
): Promise<Versions | null> {
  const deployment = Deployment.safeParse(question).data ?? null;
  const named = deployment ?? madeIn(question);
  if (named === null) return null;
  try {
    return {
      tree: named.tree,
      before: await textsOf(gateway, named.base, named.tree, signal),
      after: await textsOf(gateway, named.tree, named.base, signal),
      deploy: deployment === null ? null : await deploySection(gateway, deployment, signal),
    };
  } catch (thrown) {
    // What nobody has any more cannot be shown; the hashes are on the page all the same.
    if (thrown instanceof GatewayRefused && thrown.status === 404) return null;
    throw thrown;
  }
}

/** The files of a version that another one has not, or has otherwise. */
export async function textsOf(
  gateway: Gateway,
  tree: string,
  since: string,
  signal: AbortSignal,
): Promise<readonly DeliverableFile[]> {
  const files: DeliverableFile[] = [];
  for await (const { path, bytes } of filesOf(gateway, tree, since, signal)) {
    files.push({ path, content: textOf(bytes) ?? `no text: ${bytes.length} bytes, ${sha256Of(bytes).slice(0, 12)}` });
  }
  return files;
}

async function deploySection(gateway: Gateway, { base }: WorkspaceMade, signal: AbortSignal): Promise<Json> {
  for await (const { path, bytes } of filesOf(gateway, base, null, signal)) {
    if (path === TOOLS_FILE) return sectionIn(bytes.toString('utf8'));
  }
  return `${TOOLS_FILE} is not there, so nothing can be deployed.`;
}

function sectionIn(text: string): Json {
  try {
    return z.object({ deploy: z.json() }).parse(parse(text)).deploy;
  } catch {
    return `${TOOLS_FILE} has no section deploy that can be read, so nothing can be deployed.`;
  }
}
