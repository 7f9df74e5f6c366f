import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { childRunIdOf, commandIdOf, Json } from '@baton/contracts';
import { createPool, erasePersonal, findPersonalSubject, journalWrite, verifyLog } from '@baton/event-store';
import { parseWorkflowDocument, readEvent, rebuild, type WorkflowDocument } from '@baton/workflow';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { readRequest } from '../../requests/read-request.js';
import { HubFixture, sealerOf } from '../../testing/hub-fixture.js';
import type { HubMessage } from '../message.js';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  fixture.startTaking();
});
afterEach(() => fixture.close());

const SECRET = 'jane.doe@example.com';
const BIG = 'x'.repeat(40_000);
const input = { customer: 'c-17', mail: SECRET, letter: `${SECRET} ${BIG}` };

function documentNamed(name: string, states: object, personal?: object): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: 'A', States: states };
  const parsed = parseWorkflowDocument({
    name,
    version: '1.0.0',
    title: name,
    definition,
    ...(personal && { personal }),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const work = (over: object = { End: true }) => ({ Type: 'Task', Resource: `baton:worker:${fixture.kind}`, ...over });
const personal = [{ subject: '/customer', input: ['/mail', '/letter'], results: { A: ['/reply'] } }];

function start(document: WorkflowDocument, runId = randomUUID()): HubMessage {
  const submission = { requestId: `start ${runId}`, runId, workflow: document.name, input };
  return {
    runId,
    order: { type: 'StartRun', submission, document, sha256: '0'.repeat(64) },
    actor: { type: 'system', id: 'test' },
    causationId: submission.requestId,
    requestId: submission.requestId,
  };
}

const catalogOf = (document: WorkflowDocument) =>
  createCatalog([{ document, sha256: '0'.repeat(64), file: document.name }]);

const answer = (commandId: string, output: Json): HubMessage => ({
  ...fixture.answer(commandId),
  order: { type: 'CompleteTask', commandId, output },
});

const logOf = async (runId: string): Promise<string> =>
  (await fixture.events(runId)).map(({ dataText }) => dataText).join('\n');
const outputOf = async (runId: string): Promise<Json> => {
  const state = rebuild((await fixture.events(runId)).map(readEvent));
  return state.status === 'new' ? null : state.output;
};
const taskOf = (commandId: string) =>
  expect.poll(() => fixture.taken.find((each) => each.commandId === commandId)?.arguments);
const owner = async <T>(act: (pool: ReturnType<typeof createPool>) => Promise<T>): Promise<T> => {
  const pool = createPool(fixture.database.url, { role: 'owner', applicationName: 'personal-test', max: 1 });
  return act(pool).finally(() => pool.end());
};
/** Everything that the database holds of a kind, as text. */
const held = (table: string, column: string): Promise<string> =>
  owner(async (pool) => JSON.stringify((await pool.query(`select ${column}::text as text from baton.${table}`)).rows));

test('workers see what is personal, and neither log nor command nor blob does', async () => {
  const hub = await fixture.startHub();
  const document = documentNamed('care', { A: work({ Arguments: '{% $states.input %}', End: true }) }, personal);
  const begin = start(document);
  await hub.handle(begin);
  const commandId = commandIdOf(begin.runId, 1);
  await taskOf(commandId).toEqual(input);
  for (const [table, column] of [
    ['command', 'message'],
    ['event', 'data'],
  ] as const)
    expect(await held(table, column)).not.toContain(SECRET);
  expect(await held('blob', `convert_from(content, 'UTF8')`)).not.toContain(SECRET);

  await hub.handle(answer(commandId, { reply: `dear ${SECRET}`, score: 7 }));
  expect(await logOf(begin.runId)).not.toContain(SECRET);
  const output = await outputOf(begin.runId);
  expect(output).toMatchObject({ score: 7 });
  expect(await sealerOf(fixture.pool).opened(output, begin.runId)).toEqual({ reply: `dear ${SECRET}`, score: 7 });
});

test('once its key is destroyed nobody can read it, and the log still verifies', async () => {
  const hub = await fixture.startHub();
  const document = documentNamed('care', { A: work({ Arguments: '{% $states.input %}', End: true }) }, personal);
  const begin = start(document);
  await hub.handle(begin);
  const commandId = commandIdOf(begin.runId, 1);
  await owner((pool) => journalWrite(pool, commandId, 0, { said: SECRET }));
  await hub.handle(answer(commandId, { reply: SECRET }));
  const by = { type: 'apikey' as const, id: 'admin' };
  const gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'personal-test' });
  try {
    expect(await findPersonalSubject(gateway, 'c-17')).toMatchObject({ runIds: [begin.runId], more: false });
    expect(await erasePersonal(gateway, 'c-17', { by, reason: 'asked to' })).toMatchObject({ runs: 1, by });
    expect(await erasePersonal(gateway, 'c-17', { by, reason: 'again' })).toBeNull();
    expect(await findPersonalSubject(gateway, 'c-17')).toBeNull();
    const output = await outputOf(begin.runId);
    expect(await sealerOf(gateway).opened(output, begin.runId)).toEqual({ reply: { $erased: true } });
    expect(await verifyLog(gateway)).toMatchObject({ verified: true, problem: null });
  } finally {
    await gateway.end();
  }
  expect(await held('llm_journal', 'response')).toBe('[]');
});

test('a child run gets it, gives it back, and has it under the same key', async () => {
  const handsBack = { Arguments: '{% $states.input %}', Output: '{% {"reply": $states.input} %}', End: true };
  const child = documentNamed('child', { A: work(handsBack) });
  const schema = { type: 'object', properties: { mail: { type: 'string' } }, required: ['mail'] };
  const hub = await fixture.startHub({ catalog: catalogOf({ ...child, input: schema }) });
  const parent = documentNamed(
    'parent',
    {
      A: { Type: 'Task', Resource: 'baton:workflow:child', Arguments: '{% {"mail": $states.input.mail} %}', End: true },
    },
    personal,
  );
  const begin = start(parent);
  await hub.handle(begin);
  const childId = childRunIdOf(commandIdOf(begin.runId, 1));
  const commandId = commandIdOf(childId, 1);
  await taskOf(commandId).toEqual({ mail: SECRET });
  await hub.handle(answer(commandId, 'done'));
  await expect.poll(() => outputOf(begin.runId)).not.toBeNull();
  expect(await logOf(childId)).not.toContain(SECRET);
  expect(await logOf(begin.runId)).not.toContain(SECRET);
  expect(await sealerOf(fixture.pool).opened(await outputOf(begin.runId), begin.runId)).toEqual({
    reply: { mail: SECRET },
  });
  const noted = await held('personal_run', 'run_id');
  expect(noted).toContain(childId);
  expect(noted).toContain(begin.runId);
});

test('a fork goes on with it, and with what it was given otherwise', async () => {
  const hub = await fixture.startHub();
  const document = documentNamed('care', { A: work({ Arguments: '{% $states.input %}', End: true }) }, personal);
  const begin = start(document);
  await hub.handle(begin);
  const ports = { pool: fixture.pool, sealer: sealerOf(fixture.pool), catalog: catalogOf(document) };
  const fork = async (changes: object) => {
    const message = { requestId: randomUUID(), runId: begin.runId, at: 1, ...changes };
    const asked = await readRequest('fork', message, null, ports);
    await hub.handle(asked);
    return asked.runId;
  };
  const same = await fork({});
  await taskOf(commandIdOf(same, 1)).toEqual(input);
  const other = await fork({ input: { ...input, mail: `other.${SECRET}` } });
  await taskOf(commandIdOf(other, 1)).toMatchObject({ mail: `other.${SECRET}` });
  for (const runId of [same, other]) expect(await logOf(runId)).not.toContain(SECRET);
});

test('what another run holds under seal is not opened for whoever copies it', async () => {
  const hub = await fixture.startHub();
  const document = documentNamed('care', { A: work({ Arguments: '{% $states.input %}', End: true }) }, personal);
  const begin = start(document);
  await hub.handle(begin);
  const [started] = await fixture.events(begin.runId);
  const { input: sealed } = JSON.parse(started?.dataText ?? 'null');
  const thief = documentNamed('thief', { A: work({ Arguments: '{% $states.input %}', End: true }) });
  const copy = start(thief);
  if (copy.order.type !== 'StartRun') throw new Error('no start');
  const order = { ...copy.order, submission: { ...copy.order.submission, input: sealed } };
  await hub.handle({ ...copy, order });
  await taskOf(commandIdOf(copy.runId, 1)).toEqual(sealed);
  expect(JSON.stringify(sealed)).not.toContain(SECRET);
});

test('a signal that brings something personal is sealed by the state that waits for it', async () => {
  const hub = await fixture.startHub();
  const wait = { Type: 'Task', Resource: 'baton:signal:letter', End: true };
  const marks = [{ subject: '/customer', results: { A: ['/text'] } }];
  const begin = start(documentNamed('waits', { A: wait }, marks));
  await hub.handle(begin);
  const { runId } = begin;
  const requestId = randomUUID();
  await hub.handle({
    runId,
    order: { type: 'SignalRun', requestId, runId, name: 'letter', data: { text: SECRET, n: 1 } },
    actor: { type: 'system', id: 'test' },
    causationId: requestId,
    requestId,
  });
  expect((await logOf(runId)).replace(JSON.stringify(input), '')).not.toContain(`"text":"${SECRET}`);
  expect(await sealerOf(fixture.pool).opened(await outputOf(runId), runId)).toEqual({ text: SECRET, n: 1 });
});
