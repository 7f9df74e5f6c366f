import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from './testing/baton.js';
import { json, problem } from './testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

describe('an empty name', () => {
  test.each([
    [['run', 'get', '']],
    [['run', 'watch', ' ']],
    [['run', 'events', '']],
    [['run', 'step', '3f2a', '']],
    [['run', 'result', '']],
    [['run', 'cancel', '']],
    [['run', 'fork', '', '--at', '1']],
    [['run', 'submit', '--again', '']],
    [['run', 'list', '--workflow', '']],
    [['replay', '']],
    [['audit', 'verify', '']],
    [['approval', 'show', '']],
    [['approval', 'approve', '']],
    [['approval', 'list', '--run', '']],
    [['decisions', 'list', '--run', '']],
    [['workflow', 'show', '']],
    [['workflow', 'graph', '']],
    [['webhook', 'deliveries', '']],
    [['webhook', 'add', '']],
    [['auth', 'key', 'revoke', '']],
    [['queue', 'dead-letters', 'requeue', '']],
  ])('is a usage error, and nobody is asked: %j', async (args) => {
    const { exitCode, stderr } = await bench.baton(args);
    expect(stderr).toMatch(/^error: \S.+ is empty\.$/m);
    expect(exitCode).toBe(2);
    expect(bench.server.requests).toEqual([]);
  });
});

describe('what is not a word of a closed list, or not of a form', () => {
  test.each([
    [['completion', 'fisch'], /There is no fisch\.\nnext: {2}Did you mean fish\?/],
    [['-o', 'jsonn', 'run', 'list'], /There is no --output jsonn\.\nnext: {2}Did you mean json/],
    [['decisions', 'list', '--point', 'choise'], /There is no --point choise\.\nnext: {2}Did you mean choice\?/],
    [['workflow', 'graph', 'x', '--format', 'mermaide'], /Did you mean mermaid\?/],
    [
      ['auth', 'key', 'create', '--name', 'bo', '--role', 'aprover'],
      /no role aprover\.\nnext: {2}Did you mean approver\?/,
    ],
    [['auth', 'key', 'create', '--name', 'é ö', '--role', 'viewer'], /--name é ö cannot be the name of a key\./],
    [['run', 'submit', '--budget', 'wallClock=2x'], /wallClock=2x is not a time such as 90s, 30m or 2h\./],
    [
      ['run', 'submit', '--budget', 'wallClock=PT2X'],
      /wallClock must be a length of time such as PT90S, PT2H or P1D\./,
    ],
    [['run', 'submit', '--budget', 'tokens=1.5'], /tokens must be a whole number\./],
    [['run', 'submit', '--budget', 'usd=-1'], /usd=-1 is not a number above 0\./],
    [['run', 'submit', '--workflow', 'Seven Step', '--input', '{}'], /workflow must be name or name@version, such as/],
    [['run', 'submit', '--set', '__proto__.x=1'], /no value is called __proto__/],
  ])('is told in a sentence: %j', async (args, says) => {
    const { exitCode, stderr } = await bench.baton(args);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/invalid for argument|\^P\(|request/);
    expect(exitCode).toBe(2);
    expect(bench.server.requests).toEqual([]);
  });
});

describe('what the gateway refuses', () => {
  test('of parameters is told by the option', async () => {
    const errors = [
      { pointer: 'source', detail: 'must be one of "human", "llm_override"; did you mean "llm_override"?' },
      { pointer: 'actionType', detail: 'must be one of "fail"' },
    ];
    bench.routes.set('GET /v1/decisions', (_, response) =>
      problem(response, 400, 'invalid-parameter', 'A parameter of the request is wrong.', { errors }),
    );
    const { exitCode, stderr } = await bench.baton(['decisions', 'list', '--source', 'llm_overide']);
    expect(stderr).toContain('error: What was given cannot be taken as it is.\n  --source must be one of');
    expect(stderr).toContain('\n  --action must be one of "fail"\n');
    expect(exitCode).toBe(2);
  });

  test('of a policy is told of its file', async () => {
    bench.routes.set('POST /v1/decisions/backtest', (_, response) =>
      problem(response, 422, 'invalid-body', 'The request body does not have the expected shape.', {
        errors: [{ pointer: '/thresholds/alignment', detail: 'must be at most 10' }],
      }),
    );
    const file = bench.file('policy.yaml', 'thresholds: { alignment: 11 }');
    const { stderr } = await bench.baton(['decisions', 'backtest', '--policy', file]);
    expect(stderr).toContain('error: policy.yaml is not a policy.\n  thresholds.alignment: must be at most 10\n');
  });
});

test('a key that is not there is told with the one that was probably meant, and where the keys are', async () => {
  const key = {
    name: 'nobody',
    roles: ['viewer'],
    createdAt: '2026-01-01T00:00:00Z',
    createdBy: { type: 'apikey', id: 'x' },
    scope: null,
    person: null,
    status: 'active',
    expiresAt: null,
    lastUsedAt: null,
    replacedAt: null,
  };
  bench.routes.set('GET /v1/auth/keys', (_, response) => json(response, 200, { keys: [{ ...key, revokedAt: null }] }));
  bench.routes.set('DELETE /v1/auth/keys/nobod', (_, response) =>
    problem(response, 404, 'key-not-found', 'There is no key named nobod.'),
  );
  const { exitCode, stderr } = await bench.baton(['auth', 'key', 'revoke', 'nobod']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    'There is no key named nobod. Did you mean "nobody"?\nnext:  List the keys with `baton auth key list`.',
  );
});

test.each([
  ['approval-answered-already', 409],
  ['approval-not-an-approver', 403],
  ['approval-own-run', 403],
  ['key-exists', 409],
])('what follows a refusal is something that can be done: %s', async (code, status) => {
  bench.routes.set('GET /v1/runs', (_, response) =>
    problem(response, status, code, 'No.', { next: 'GET /v1/x has it.' }),
  );
  expect((await bench.baton(['run', 'list'])).stderr).toMatch(/next: {2}.*`baton (approval show|auth key list)`/);
});

test.each([
  ['GET /v1/runs', 'runs', ['run', 'list']],
  ['GET /v1/decisions', 'decisions', ['decisions', 'list']],
  ['GET /v1/approvals', 'approvals', ['approval', 'list']],
  ['GET /v1/approvals', 'approvals', ['approval', 'list', '--answered']],
  ['GET /v1/dead-letters', 'deadLetters', ['queue', 'dead-letters']],
  ['GET /v1/webhooks/7c1d/deliveries', 'deliveries', ['webhook', 'deliveries', '7c1d']],
])('a list goes on where one before ended: %s %s %j', async (route, name, args) => {
  bench.routes.set(route, (_, response) => json(response, 200, { [name]: [], next: null }));
  expect((await bench.baton([...args, '--after', 'C 0'])).exitCode).toBe(0);
  const asked = new URL(bench.server.requests[0]?.path ?? '', 'http://gateway');
  expect(asked.searchParams.get('cursor')).toBe('C 0');
});
