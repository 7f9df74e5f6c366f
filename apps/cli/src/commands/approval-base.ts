import type { ApprovalView, EventView, Json } from '@baton/contracts';
import { z } from 'zod';
import type { Gateway } from '../gateway/gateway.js';
import { type Base, filesOf } from './approval-page.js';
import type { Versions } from './approval-versions.js';
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
  let base: Base | null = begun;
  for await (const page of eventPages(gateway, approval.runId, signal)) {
    for (const event of page) {
      if (askedIn(event.type, event.data)?.commandId === approval.approvalId) return base;
      base = filesIn(event) ?? base;
    }
  }
  return base;
}
