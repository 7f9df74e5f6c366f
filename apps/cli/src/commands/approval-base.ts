import { GatewayRefused } from '@baton/client';
import type { ApprovalView, EventView, Json } from '@baton/contracts';
import { z } from 'zod';
import type { Gateway } from '../gateway/gateway.js';
import { type Base, filesOf } from './approval-page.js';
import { madeIn, textsOf, type Versions } from './approval-versions.js';
import { eventPages } from './events.js';

const Asked = z.object({ commandId: z.string(), resource: z.literal('baton:approval'), arguments: z.json() });
const Files = z.array(z.object({ path: z.string(), content: z.string() })).min(1);
const Started = z.object({ input: z.object({ files: Files }) });

/** Files that an event brings before a person or into the run, and where they are from. */
function filesIn({ type, data }: EventView): Base | null {
  if (type === 'RunStarted') {
    const files = Started.safeParse(data).data?.input.files ?? [];
    return files.length === 0 ? null : { files, what: 'the files that the run was given' };
  }
  const files = filesOf(askedIn(type, data)?.arguments ?? null);
  return files.length === 0 ? null : { files, what: 'what was shown the last time' };
}

const askedIn = (type: string, data: Json): z.infer<typeof Asked> | undefined =>
  type === 'TaskScheduled' ? Asked.safeParse(data).data : undefined;

/**
 * What the files of an approval are compared to: what a person was shown the last time in this run, else the workspace that they
 * are made from, else the files that the run was given. Null where there is nothing of that, and where the approval is not
 * about files.
 */
export async function baseOf(
  gateway: Gateway,
  approval: ApprovalView,
  versions: Versions | null,
  signal: AbortSignal,
): Promise<Base | null> {
  const begun = versions === null ? null : { files: versions.before, what: 'the workspace that it is made from' };
  if (filesOf(approval.arguments).length === 0) return begun;
  const { base, tree: shown } = await lastBrought(gateway, approval, { base: begun, tree: null }, signal);
  return base === null || versions === null || shown === null
    ? base
    : sinceShown(gateway, base, { shown, versions }, signal);
}

/** Files that were brought, and the version that a question named for them. */
interface Brought {
  readonly base: Base | null;
  readonly tree: string | null;
}

/** What the run brought last before it asked. */
async function lastBrought(
  gateway: Gateway,
  { runId, approvalId }: ApprovalView,
  begun: Brought,
  signal: AbortSignal,
): Promise<Brought> {
  let last = begun;
  for await (const page of eventPages(gateway, runId, signal)) {
    for (const event of page) {
      const asked = askedIn(event.type, event.data);
      if (asked?.commandId === approvalId) return last;
      const base = filesIn(event);
      if (base !== null) last = { base, tree: madeIn(asked?.arguments ?? null)?.tree ?? null };
    }
  }
  return last;
}

/**
 * A question names the files that differ from the workspace. Of two questions one after the other that is not all that came
 * between them: a file may be again as it was in the workspace, or be taken out of that. The versions themselves say so.
 */
async function sinceShown(
  gateway: Gateway,
  base: Base,
  { shown, versions }: { readonly shown: string; readonly versions: Versions },
  signal: AbortSignal,
): Promise<Base> {
  const { tree, after } = versions;
  try {
    const were = await textsOf(gateway, shown, tree, signal);
    const are = await textsOf(gateway, tree, shown, signal);
    const isNamed = (files: readonly { readonly path: string }[], path: string): boolean =>
      files.some((file) => file.path === path);
    return {
      ...base,
      files: [...base.files, ...were.filter(({ path }) => !isNamed(base.files, path))],
      again: are.filter(({ path }) => !isNamed(after, path)),
    };
  } catch (thrown) {
    // A version that nobody has any more says nothing.
    if (thrown instanceof GatewayRefused && thrown.status === 404) return base;
    throw thrown;
  }
}
