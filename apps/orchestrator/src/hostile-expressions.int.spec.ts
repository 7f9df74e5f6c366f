import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@baton/contracts';
import { evaluatorOn, openStoppable, type Stoppable, THREAD_ENTRY } from '@baton/threads';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Hub } from './hub/hub.js';
import type { HubMessage } from './hub/message.js';
import { HubFixture } from './testing/hub-fixture.js';

let fixture: HubFixture;
let threads: Stoppable;
let hub: Hub;
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  threads = openStoppable({ entry: THREAD_ENTRY, threads: 2, memoryMb: 256, monotonicMs: () => performance.now() });
  const settings = { timeMs: 500, setting: 'BATON_EXPRESSION_MS', monotonicMs: () => performance.now() };
  hub = await fixture.startHub({ evaluatorFor: (onWait) => evaluatorOn(threads, { ...settings, onWait }) });
});
afterAll(async () => {
  await fixture.close();
  await threads.close();
});

const startOf = (expression: string, input: JsonObject): HubMessage => {
  const runId = randomUUID();
  const requestId = `start ${runId}`;
  const States = { A: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } };
  const definition = { QueryLanguage: 'JSONata', StartAt: 'A', States };
  const document = { name: 'hostile', version: '1.0.0', title: 'Hostile', definition };
  const submission = { requestId, runId, workflow: document.name, input };
  const order: HubMessage['order'] = { type: 'StartRun', submission, document, sha256: '0'.repeat(64) };
  return { runId, order, actor: { type: 'user', id: 'mallory' }, causationId: requestId, requestId };
};

const input = {
  text: 'a'.repeat(300_000),
  spaces: `${' '.repeat(36)}x`,
  numbers: Array.from({ length: 60_000 }, (_, at) => (at * 7919) % 60_000),
  objects: Array.from({ length: 10_000 }, (_, at) => ({ id: at, tags: ['x', 'y'] })),
};
const text = fc.constantFrom('$states.input.text', '$states.input.spaces', '($states.input.text & "b")');
const list = fc.constantFrom('$states.input.numbers', '[1..90000]', '$states.input.objects.id');
const call = fc.oneof(
  fc
    .tuple(fc.constantFrom('length', 'trim', 'uppercase', 'base64encode', 'encodeUrl', 'string'), text)
    .map(([name, of]) => `$${name}(${of})`),
  fc
    .tuple(fc.constantFrom('sort', 'sum', 'reverse', 'distinct', 'string', 'shuffle', 'count'), list)
    .map(([name, of]) => `$${name}(${of})`),
  fc
    .tuple(fc.constantFrom('/^(.|\\s)*END/', '/(a|aa)+$/', '"b"', '/b/'), text)
    .map(([of, within]) => `$contains(${within}, ${of})`),
  fc.tuple(list, text).map(([of, by]) => `$join($map(${of}, $string), ${by})`),
  fc.constantFrom(
    '$count($states.input.**)',
    '$merge($states.input.objects)',
    '$toMillis($states.input.text, "[f1][f1][f1]x")',
    '$states.input.objects{"k": $count($)}',
  ),
);
const expression = fc.oneof(
  call,
  call.map((inner) => `$map([1..12000], function($i) { ${inner} })`),
  call.map((inner) => `($f := function($s) { $f($s & ${inner}) }; $f(""))`),
);

test('whatever an expression does to large data, its run ends, and the hub is never held for long', async () => {
  // What this thread computes at a stretch: a machine that is busy makes everybody wait.
  const computedMs = () => process.threadCpuUsage().user / 1000;
  let heldMs = 0;
  let last = computedMs();
  const clock = setInterval(() => {
    heldMs = Math.max(heldMs, computedMs() - last);
    last = computedMs();
  }, 5);
  await fc.assert(
    fc.asyncProperty(expression, async (hostile) => {
      const message = startOf(hostile, input);
      const began = performance.now();
      expect(await hub.handle(message)).toBe('committed');
      expect(performance.now() - began).toBeLessThan(8_000);
      const last = (await fixture.events(message.runId)).at(-1);
      expect(['RunSucceeded', 'RunFailed']).toContain(last?.type);
    }),
    { numRuns: inject('effort') === 'long' ? 150 : 25 },
  );
  clearInterval(clock);
  // What a payload of half a megabyte costs on its way is no part of the expression; a busy machine adds to it.
  expect(heldMs).toBeLessThan(600);
}, 240_000);
