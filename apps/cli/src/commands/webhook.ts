import { listUpTo } from '@baton/client';
import {
  didYouMean,
  type WebhookCreated,
  type WebhookDelivery,
  WebhookEvent,
  type WebhookTest,
  type WebhookView,
} from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { suggestion } from '../suggestion.js';
import { formatFacts, printable } from '../table.js';
import { parseLabels } from './run-input.js';
import { shortId } from './run-shapes.js';
import { tellMore } from './tell-more.js';
import { listWorkflowNames } from './workflow-names.js';

/** An endpoint has ten seconds to answer a test, and the gateway then some more to tell. */
const TEST_TIMEOUT_MS = 20_000;

export interface AddOptions {
  /** Separated by commas. */
  readonly events?: string;
  readonly workflow?: readonly string[];
  readonly label?: readonly string[];
  /** `-` for stdin, where no list of processes and no history shows it. */
  readonly secret?: string;
}

export async function addWebhook(context: Context, url: string, options: AddOptions): Promise<ExitCode> {
  const secret = options.secret === '-' ? (await context.io.readStdin()).toString().trim() : options.secret;
  const events = options.events
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(eventNamed);
  const { workflow = [], label = [] } = options;
  const gateway = await gatewayOf(context);
  if (context.format === 'table') await tellUnknown(context, gateway, workflow);
  const created = await gateway.post('/v1/webhooks', {
    body: {
      url,
      ...(events === undefined ? {} : { events }),
      ...(workflow.length === 0 ? {} : { workflows: [...workflow] }),
      ...(label.length === 0 ? {} : { labels: parseLabels(label) }),
      ...(secret === undefined ? {} : { secret }),
    },
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, created, webhookLines);
  if (context.format === 'table') {
    writeLine(context.io.err, 'Keep the secret where the receiver verifies signatures: it is not shown again.');
    writeLine(context.io.err, `Try it with \`baton webhook test ${shortId(created.webhookId)}\`.`);
  }
  return ExitCode.ok;
}

/** A workflow may be published later; a name that is only misspelt would never be told of. */
async function tellUnknown({ io, interrupted }: Context, gateway: Gateway, workflows: readonly string[]) {
  if (workflows.length === 0) return;
  // Only a hint: whoever may not see the workflows can still have a webhook.
  const names = await listWorkflowNames(gateway, interrupted).catch(() => workflows);
  for (const name of workflows.filter((each) => !names.includes(each))) {
    writeLine(io.err, `There is no workflow ${printable(name)} yet.${didYouMean(name, names)}`);
  }
}

function eventNamed(word: string): WebhookEvent {
  const event = WebhookEvent.safeParse(word);
  if (event.success) return event.data;
  throw new UsageError(`There is no event ${printable(word)}.`, suggestion(word, WebhookEvent.options, 'events'));
}

/** Which runs it is told of, as people write it. */
const runsOf = ({ workflows, labels }: Pick<WebhookView, 'workflows' | 'labels'>): string => {
  const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [...(workflows ?? []), ...words].join(', ') || 'all';
};

const webhookLines = (webhook: WebhookCreated): readonly string[] =>
  formatFacts([
    ['webhook', webhook.webhookId],
    ['url', webhook.url],
    ['events', webhook.events.join(', ')],
    ['runs', runsOf(webhook)],
    ['secret', webhook.secret],
  ]);

const webhookColumns: Columns<WebhookView> = {
  headings: ['WEBHOOK', 'STATUS', 'SINCE', 'EVENTS', 'URL'],
  row: ({ webhookId, status, createdAt, events, url, disabledReason, ...webhook }) => [
    shortId(webhookId),
    status,
    timeOf(createdAt),
    runsOf(webhook) === 'all' ? events.join(', ') : `${events.join(', ')} of ${runsOf(webhook)}`,
    disabledReason === null ? url : `${url} (${disabledReason})`,
  ],
};

export async function listWebhooks(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { webhooks } = await gateway.get('/v1/webhooks', { signal: context.interrupted });
  writeList(context.io, context.format, webhooks, webhookColumns, 'There is no webhook.');
  return ExitCode.ok;
}

export async function removeWebhook(context: Context, id: string): Promise<ExitCode> {
  const params = { path: { id: checkedId(id) } };
  await (await gatewayOf(context)).delete('/v1/webhooks/{id}', { params, signal: context.interrupted });
  writeLine(context.io.err, `Removed, with all that was still to be sent to it.`);
  return ExitCode.ok;
}

const deliveryColumns: Columns<WebhookDelivery> = {
  headings: ['DELIVERY', 'CREATED', 'TYPE', 'RUN', 'STATUS', 'ATTEMPTS', 'NEXT', 'LAST ANSWER'],
  row: (delivery) => [
    delivery.deliveryId,
    timeOf(delivery.createdAt),
    delivery.type,
    delivery.runId === null ? '-' : shortId(delivery.runId),
    delivery.status,
    String(delivery.attempts.length),
    delivery.nextAttemptAt === null ? '-' : timeOf(delivery.nextAttemptAt),
    lastAnswer(delivery),
  ],
};

function lastAnswer({ attempts }: WebhookDelivery): string {
  const last = attempts.at(-1);
  return last === undefined ? '-' : (last.error ?? String(last.status));
}

const DELIVERIES_AT_ONCE = 200;

export async function listDeliveries(
  context: Context,
  id: string,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<ExitCode> {
  const path = { id: checkedId(id) };
  const gateway = await gatewayOf(context);
  const { items: deliveries, next } = await listUpTo({
    ask: async (query) => {
      const params = { path, query };
      const answer = await gateway.get('/v1/webhooks/{id}/deliveries', { params, signal: context.interrupted });
      return { items: answer.deliveries, next: answer.next };
    },
    limit,
    after,
    pageSize: DELIVERIES_AT_ONCE,
  });
  writeList(context.io, context.format, deliveries, deliveryColumns, 'Nothing was sent to it yet.');
  tellMore(context, `webhook deliveries ${id}`, [['limit', limit]], next);
  return ExitCode.ok;
}

export async function testWebhook(context: Context, id: string): Promise<ExitCode> {
  const params = { path: { id: checkedId(id) } };
  const gateway = await gatewayOf(context);
  const options = { params, signal: context.interrupted, timeoutMs: TEST_TIMEOUT_MS };
  const tested = await gateway.post('/v1/webhooks/{id}/test', options);
  writeOne(context.io, context.format, tested, testLines);
  return tested.delivery.status === 'delivered' ? ExitCode.ok : ExitCode.error;
}

function testLines({ delivery, answer }: WebhookTest): readonly string[] {
  const last = delivery.attempts.at(-1);
  const facts = formatFacts([
    ['delivery', delivery.deliveryId],
    ['status', delivery.status],
    ['answer', lastAnswer(delivery)],
    ['took', last === undefined ? '-' : `${last.durationMs} ms`],
  ]);
  return answer === null || answer === '' ? facts : [...facts, '', ...answer.trimEnd().split('\n').map(printable)];
}

export async function retryDelivery(context: Context, id: string, deliveryId: string): Promise<ExitCode> {
  const params = { path: { id: checkedId(id), deliveryId: checkedId(deliveryId) } };
  const gateway = await gatewayOf(context);
  const delivery = await gateway.post('/v1/webhooks/{id}/deliveries/{deliveryId}/retry', {
    params,
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, delivery, (each) => [each.deliveryId]);
  if (context.format === 'table') {
    writeLine(context.io.err, `It is sent again now; see \`baton webhook deliveries ${printable(id)}\`.`);
  }
  return ExitCode.ok;
}

function checkedId(id: string): string {
  if (/^[0-9a-f-]{1,36}$/i.test(id)) return id;
  throw new UsageError(
    `${printable(id)} is not an id.`,
    'Ids are hexadecimal digits and dashes; `baton webhook list` has them.',
  );
}
