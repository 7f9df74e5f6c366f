import { randomUUID } from 'node:crypto';
import { parseWorkflowDocument, readEvent, rebuild } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { HubFixture } from './testing/hub-fixture.js';

let fixture: HubFixture;
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterAll(() => fixture?.close());

test('a task whose worker falls silent times out, and one whose worker beats or has to wait does not', async () => {
  const hub = await fixture.startHub();
  const parsed = parseWorkflowDocument({
    name: 'beating',
    version: '1.0.0',
    title: 'Beating',
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, HeartbeatSeconds: 1, End: true } },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const { document } = parsed;
  const [beating, silent, waiting] = [randomUUID(), randomUUID(), randomUUID()];
  for (const runId of [beating, silent, waiting]) {
    const submission = { requestId: runId, runId, workflow: 'beating', input: {} };
    await hub.handle({
      runId,
      order: { type: 'StartRun', submission, document, sha256: 'a'.repeat(64) },
      actor: { type: 'user', id: 'tester' },
      causationId: runId,
    });
  }
  const stateOf = async (runId: string) => rebuild((await fixture.events(runId)).map(readEvent));
  await hub.heartbeat(`${waiting}-1`, 600);
  const beats = setInterval(() => void hub.heartbeat(`${beating}-1`), 200);
  await vi.waitFor(
    async () => expect(await stateOf(silent)).toMatchObject({ error: 'States.HeartbeatTimeout' }),
    5_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await stateOf(beating)).toMatchObject({ status: 'running' });
  clearInterval(beats);
  await vi.waitFor(
    async () => expect(await stateOf(beating)).toMatchObject({ error: 'States.HeartbeatTimeout' }),
    5_000,
  );
  expect(await stateOf(waiting)).toMatchObject({ status: 'running' });
  // One that comes too late moves nothing.
  await hub.heartbeat(`${beating}-1`);
}, 20_000);
