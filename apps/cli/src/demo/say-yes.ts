import { type PatienceOptions, persistently } from '@baton/client';
import type { EventView } from '@baton/contracts';
import { z } from 'zod';
import type { Gateway } from '../gateway/gateway.js';
import type { Reporter } from '../progress/reporter.js';

/** The event that asks a person; a question about a decision offers moves, of which no yes picks one. */
const Asked = z.object({
  commandId: z.string(),
  resource: z.literal('baton:approval'),
  arguments: z.looseObject({ title: z.string().optional(), about: z.string().optional() }),
});

/** Answers what a run asks a person with yes, bound to what was asked, because whoever started the demo said so. */
export async function sayYes(
  gateway: Gateway,
  { type, data }: EventView,
  { reporter, patience }: { readonly reporter: Reporter; readonly patience: PatienceOptions },
): Promise<void> {
  const asked = Asked.safeParse(type === 'TaskScheduled' ? data : null);
  if (!asked.success || asked.data.arguments.about === 'decision') return;
  const { commandId } = asked.data;
  const { signal } = patience;
  const path = { id: commandId };
  const { sha256, title } = await persistently(patience, () =>
    gateway.get('/v1/approvals/{id}', { params: { path }, signal }),
  );
  reporter.say(`--approve says yes to “${title ?? commandId}”, whose hash is ${sha256}`);
  const body = { decision: 'approve' as const, comment: 'Said by --approve of the demo.' };
  const params = { path, header: { 'If-Match': `"${sha256}"` } };
  await persistently(patience, () => gateway.post('/v1/approvals/{id}/decision', { params, body, signal }));
}
