import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { ended, getRun, publish, Stack, until } from '@baton/test-stack';
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
