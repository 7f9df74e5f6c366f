import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { ended, getRun, publish, ROOT, Stack, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/* A stack that sends its spans to a server of this test, which reads OTLP as JSON as a collector does. */

const Value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
});
const Attributes = z.array(z.object({ key: z.string(), value: Value })).default([]);
const SentSpan = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: Attributes,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
});
const Sent = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(SentSpan) })),
    }),
  ),
});

interface Seen extends z.infer<typeof SentSpan> {
  readonly service: string;
  readonly about: Readonly<Record<string, string | undefined>>;
}

const textsOf = (attributes: z.infer<typeof Attributes>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

const seen: Seen[] = [];
async function take(request: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  for (const { resource, scopeSpans } of Sent.parse(JSON.parse(Buffer.concat(chunks).toString())).resourceSpans) {
    const service = textsOf(resource.attributes)['service.name'] ?? '';
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
      seen.push({ ...span, service, about: textsOf(span.attributes) });
    }
  }
}

const ASKING = {
  name: 'asked-between',
  version: '1.0.0',
  title: 'A question to a model, a person, and a model again',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Before',
    States: {
      Before: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Arguments: { prompt: 'Say something.' },
        Next: 'Person',
      },
      Person: { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Go on?' }, Next: 'After' },
      After: { Type: 'Task', Resource: 'baton:worker:prompt', Arguments: { prompt: 'Say more.' }, End: true },
    },
  },
};

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
let receiver: Server;
let stack: Stack;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      (error) => response.writeHead(400).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const otel = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  stack = await Stack.start({ env: otel, args: ['--only', 'gateway,orchestrator,prompt'] });
  await publish(stack, JSON.stringify(ASKING));
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  receiver?.close();
});

const begin = async (traceparent: string): Promise<string> => {
  const body = JSON.stringify({ workflow: 'asked-between', input: {} });
  const accepted = await stack.api('/v1/runs', { method: 'POST', body, headers: { traceparent } });
  return z.object({ runId: z.string() }).parse(accepted).runId;
};

async function approved(runId: string): Promise<void> {
  let approvalId = '';
  await until(async () => {
    for (const wait of (await getRun(stack, runId))?.waitingFor ?? []) {
      if (wait.kind === 'approval') approvalId = wait.approvalId;
    }
    return approvalId !== '';
  }, 'the run to ask');
  const body = JSON.stringify({ decision: 'approve' });
  await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body });
}

const spansOf = (runId: string, name: RegExp): readonly Seen[] =>
  seen.filter((span) => span.about['baton.run.id'] === runId && name.test(span.name));

test('one trace leads from the submission to the work, and what follows an approval links to it', async () => {
  const runId = await begin(`00-${TRACE}-00f067aa0ba902b7-01`);
  await approved(runId);
  expect(await ended(stack, runId, 60_000)).toMatchObject({ status: 'succeeded' });
  const last = () => spansOf(runId, /^turn/).find(({ about }) => about['baton.run.status'] === 'succeeded');
  await until(async () => last() !== undefined && spansOf(runId, /^task/).length === 2, 'the spans to be sent');

  const submitted = seen.find(({ name, traceId }) => name === 'POST /v1/runs' && traceId === TRACE);
  expect(submitted).toMatchObject({ service: 'baton-gateway', parentSpanId: '00f067aa0ba902b7' });
  const first = spansOf(runId, /^turn/).find(({ about }) => about['baton.order'] === 'StartRun');
  expect(first).toMatchObject({
    service: 'baton-orchestrator',
    traceId: TRACE,
    parentSpanId: submitted?.spanId,
    links: [],
  });
  const [before, after] = ['Before', 'After'].map((state) =>
    spansOf(runId, /^task/).find(({ about }) => about['baton.state'] === state),
  );
  expect(before).toMatchObject({ service: 'baton-prompt', traceId: TRACE, parentSpanId: first?.spanId });
  // The model was asked within the task.
  const call = seen.find(({ name, parentSpanId }) => name.startsWith('chat ') && parentSpanId === before?.spanId);
  expect(call?.about).toMatchObject({ 'gen_ai.operation.name': 'chat', 'gen_ai.conversation.id': runId });
  expect(JSON.stringify(call)).not.toContain('Say something');

  const answered = spansOf(runId, /^turn/).find(({ about }) => about['baton.order'] === 'DecideApproval');
  expect(answered?.traceId).not.toBe(TRACE);
  expect(answered?.links).toMatchObject([{ traceId: TRACE }]);
  expect(after).toMatchObject({ traceId: answered?.traceId, parentSpanId: answered?.spanId });
  expect(last()).toMatchObject({ traceId: answered?.traceId, parentSpanId: after?.spanId });
});

test('what is no trace context begins a trace of its own, and refuses nothing', async () => {
  const runId = await begin('00-nothing-at-all');
  await until(async () => spansOf(runId, /^turn/).length > 0, 'the first turn');
  expect(spansOf(runId, /^turn/)[0]?.traceId).not.toBe(TRACE);
});

const text = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
  const response = await fetch(url, { headers });
  expect(response.status, url).toBe(200);
  return response.text();
};

/** The names that metrics have in an answer to Prometheus, with those that a histogram has beside its own. */
const namesIn = (scraped: string): readonly string[] =>
  [...scraped.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );

/** Of expressions: what they name, which begins as all metrics of Baton do. */
const namedIn = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.flatMap((each) => each.match(/\bbaton_\w+/g) ?? [])),
];

test('every process tells what it counts, and all that dashboards and alerts ask for is told', async () => {
  const Targets = z.array(z.object({ targets: z.tuple([z.string()]), labels: z.object({ service: z.string() }) }));
  const groups = Targets.parse(JSON.parse(await readFile(join(stack.home, 'metrics-targets.json'), 'utf8')));
  expect(groups.map(({ labels }) => labels.service).sort()).toEqual(['gateway', 'orchestrator', 'prompt']);
  const scraped = await Promise.all(groups.map(({ targets: [target] }) => text(`http://${target}/metrics`)));
  for (const each of scraped) expect(namesIn(each)).toContain('baton_process_uptime_seconds');
  const told = new Set(scraped.flatMap(namesIn));

  const infra = join(ROOT, 'infra');
  const dashboards = await readdir(join(infra, 'grafana'));
  const files = ['prometheus/rules.yml', 'prometheus/rules.test.yml', ...dashboards.map((name) => `grafana/${name}`)];
  const asked = namedIn(await Promise.all(files.map((file) => readFile(join(infra, file), 'utf8'))));
  expect(asked.length).toBeGreaterThan(25);
  expect(asked.filter((name) => !told.has(name))).toEqual([]);
  // Whoever has a key of the gateway reads the same there.
  const { BATON_URL = '', BATON_TOKEN = '' } = (await stack.joinEnv()) ?? {};
  const ofGateway = await text(`${BATON_URL}/metrics`, { authorization: `Bearer ${BATON_TOKEN}` });
  expect(namesIn(ofGateway)).toEqual(
    expect.arrayContaining(['baton_runs', 'baton_approvals_waiting', 'baton_queue_jobs']),
  );
  // What happened here was counted.
  const all = [...scraped, ofGateway].join('\n');
  expect(all).toMatch(/baton_runs_ended_total\{workflow="asked-between",status="succeeded"\} 1/);
  expect(all).toMatch(/baton_worker_task_duration_seconds_count\{kind="prompt",outcome="succeeded"\} [2-9]/);
  expect(all).toMatch(
    /baton_model_call_duration_seconds_count\{provider="offline",model="offline",outcome="ok"\} [2-9]/,
  );
  expect(all).toMatch(/baton_workers_slots\{kind="prompt"\} \d/);
  // What is asked of the database was answered.
  for (const name of [
    'baton_approvals_waiting',
    'baton_approval_oldest_seconds',
    'baton_dead_letters',
    'baton_webhook_deliveries_failing',
    'baton_notification_messages_failing',
    'baton_schedule_late_seconds',
    'baton_inbox_requests',
    'baton_inbox_oldest_seconds',
    'baton_projection_lag_events',
  ])
    expect(ofGateway).toMatch(new RegExp(`^${name} \\d`, 'm'));
  // The second run waits for a person.
  expect(ofGateway).toMatch(/^baton_runs\{status="\w+"\} 1$/m);
  // No run has a series of its own.
  expect(all).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/);
});

test('a line of the log says which trace it was written in', async () => {
  const lines = (await readFile(join(stack.home, 'logs/prompt.log'), 'utf8')).split('\n');
  const Line = z.looseObject({
    msg: z.string().optional(),
    runId: z.string().optional(),
    trace_id: z.string().optional(),
  });
  const done = lines.filter((line) => line.startsWith('{')).map((line) => Line.parse(JSON.parse(line)));
  expect(done.find(({ msg, trace_id: trace }) => msg === 'task done' && trace === TRACE)).toMatchObject({
    runId: expect.any(String),
    commandId: expect.any(String),
    span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
});
