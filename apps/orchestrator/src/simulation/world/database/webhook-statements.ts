import type { Statement } from './tables.js';

/** The statements of the sender of webhooks. There is one webhook, which is told of everything. */

const WEBHOOK = '00000000-0000-4000-8000-00000000feed';
const EVENTS = ['approval.requested', 'run.finished', 'budget.warning', 'budget.exhausted'];
const WEBHOOK_URL = 'https://receiver.example/hook';
const SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

const listeners: Statement = () => [
  {
    webhook_id: WEBHOOK,
    events: EVENTS,
    workflows: null,
    labels: '{}',
    after_position: 0,
    after_dead_letter: 0,
  },
];

const news: Statement = (tables, [after, upTo, ...types]) =>
  tables.events
    .slice(Number(after), Number(upTo))
    .filter(({ type, data }) => types.includes(type) && (type !== 'TaskScheduled' || data.includes('"baton:approval"')))
    .map(({ position, runId, type, schemaVersion, recordedAt, data }) => ({
      position,
      run_id: runId,
      type,
      schemaVersion,
      recorded_at: new Date(recordedAt),
      dataText: data,
    }));

const store: Statement = (tables, values) => {
  const [, positions, , runs, types, bodies] = values as readonly (readonly unknown[])[];
  const stored: object[] = [];
  for (const [n, position] of (positions ?? []).entries()) {
    const deliveryId = `00000000-0000-4000-9000-${String(position).padStart(12, '0')}`;
    if (tables.deliveries.has(deliveryId)) continue;
    tables.deliveries.set(deliveryId, {
      deliveryId,
      position: Number(position),
      runId: String(runs?.[n]),
      type: String(types?.[n]),
      body: String(bodies?.[n]),
      status: 'pending',
      dueMs: tables.nowMs(),
      attempts: 0,
      lease: null,
      leasedUntilMs: null,
    });
    stored.push({ stored: 1 });
  }
  return stored;
};

const leaseDue: Statement = (tables, [most, mostPerWebhook, leaseMs]) => {
  const nowMs = tables.nowMs();
  const all = [...tables.deliveries.values()];
  const busy = all.filter(({ leasedUntilMs }) => (leasedUntilMs ?? 0) >= nowMs).length;
  return all
    .filter(
      ({ status, dueMs, leasedUntilMs }) => status === 'pending' && dueMs <= nowMs && (leasedUntilMs ?? 0) < nowMs,
    )
    .toSorted((one, other) => one.dueMs - other.dueMs || one.position - other.position)
    .slice(0, Math.max(0, Math.min(Number(most), Number(mostPerWebhook) - busy)))
    .map((delivery) => {
      delivery.lease = `${delivery.deliveryId}/${nowMs}/${delivery.attempts}`;
      delivery.leasedUntilMs = nowMs + Number(leaseMs);
      const { deliveryId, body, lease, attempts } = delivery;
      return {
        delivery_id: deliveryId,
        webhook_id: WEBHOOK,
        url: WEBHOOK_URL,
        secret: SECRET,
        body,
        lease,
        failed: attempts,
      };
    });
};

const settle: Statement = (tables, [deliveryId, lease, isDelivered, waitMs]) => {
  const delivery = tables.deliveries.get(String(deliveryId));
  if (delivery === undefined) return [];
  const isOurs = delivery.lease === lease;
  delivery.attempts += 1;
  if (isDelivered === true) delivery.status = 'delivered';
  else if (isOurs && delivery.status === 'pending' && waitMs === null) delivery.status = 'failed';
  if (isOurs && waitMs !== null) delivery.dueMs = tables.nowMs() + Number(waitMs);
  if (isOurs || isDelivered === true) Object.assign(delivery, { lease: null, leasedUntilMs: null });
  return [];
};

const release: Statement = (tables, values) => {
  const delivery = tables.deliveries.get(String(values.at(-2)));
  if (delivery !== undefined && delivery.lease === values.at(-1))
    Object.assign(delivery, { lease: null, leasedUntilMs: null });
  return [];
};

export const webhookStatements: Readonly<Record<string, Statement>> = {
  'has-listeners': listeners,
  listeners,
  'read-news': news,
  'store-deliveries': store,
  'lease-due': leaseDue,
  'settle-delivery': settle,
  'release-delivery': release,
  'read-cursor': (tables) => [{ position: tables.cursor }],
  'move-cursor': (tables, [position]) => {
    tables.cursor = Number(position);
    return [{ moved: 1 }];
  },
  // Letters and anomalies are nothing that a simulation brings about, and nothing is old enough to be forgotten.
  'read-letter-cursor': () => [{ dead_letter: 0 }],
  'read-letters': () => [],
  'read-anomaly-cursor': () => [{ anomaly: 0 }],
  'read-view-cursor': () => [{ position: 0 }],
  'read-anomalies': () => [],
  'forget-settled': () => [],
};
