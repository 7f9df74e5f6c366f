import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { event, RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const acceptAll = (): void => {
  bench.routes.set('POST /v1/runs', (_, response) =>
    json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
  );
};

const workflowView = (document: object) => ({
  ...{ name: 'seven-step', version: '1.0.0', title: 'Seven', sha256: 'ab'.repeat(32), source: 'shipped' },
  ...{ publishedAt: null, publishedBy: null, problem: null, document },
});

describe('run submit', () => {
  test('prints the run’s id alone on stdout', async () => {
    acceptAll();
    const requirements = bench.file('r.md', '# Count words\n');
    const { exitCode, stdout, stderr } = await bench.baton([
      'run',
      'submit',
      '--requirements',
      requirements,
      '--label',
      'team=red',
      '--label',
      'a=b=c',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}\n` });
    expect(stderr).toContain(`baton run watch ${RUN_ID}`);
    expect(bench.lastBody()).toEqual({
      workflow: 'seven-step',
      input: { requirements: '# Count words\n' },
      labels: { team: 'red', a: 'b=c' },
    });
  });

  test('takes requirements and input from stdin, and input from a file or the command line', async () => {
    acceptAll();
    await bench.baton(['run', 'submit', '--requirements', '-'], { stdin: 'from stdin' });
    expect(bench.lastBody()).toMatchObject({ input: { requirements: 'from stdin' } });
    await bench.baton(['run', 'submit', '--workflow', 'report', '--input', '@-', '--request-id', 'r-1'], {
      stdin: '{"a":1}',
    });
    expect(bench.lastBody()).toEqual({ workflow: 'report', input: { a: 1 }, requestId: 'r-1' });
    await bench.baton(['run', 'submit', '--input', `@${bench.file('in.json', '{"b":2}')}`]);
    expect(bench.lastBody()).toMatchObject({ input: { b: 2 } });
    await bench.baton(['run', 'submit', '--workflow', 'report']);
    expect(bench.lastBody()).toEqual({ workflow: 'report', input: {} });
  });

  test.each([
    ['a missing file', () => ['--requirements', 'nope.md'], /no file .*nope\.md/],
    ['a directory', () => ['--requirements', '.'], /is a directory/],
    ['an empty file', () => ['--requirements', bench.file('e.md', ' \n\t')], /e\.md is empty/],
    ['a binary file', () => ['--requirements', bench.file('b.md', Buffer.from([65, 0, 66]))], /b\.md is binary/],
    [
      'a file that is not UTF-8',
      () => ['--requirements', bench.file('l.md', Buffer.from([0xe4, 0x20]))],
      /l\.md is not UTF-8/,
    ],
    [
      'a file over 200 KB',
      () => ['--requirements', bench.file('x.md', 'x'.repeat(200 * 1024 + 1))],
      /x\.md is larger than 200 KB/,
    ],
    ['no requirements', () => [], /needs requirements/],
    ['both ways at once', () => ['--requirements', 'a', '--input', '{}'], /exclude each other/],
    ['input that is not JSON', () => ['--input', 'hello'], /not JSON/],
    [
      'input with a number that would be another',
      () => ['--input', '{"order": {"id": 12345678901234567890}}'],
      /at \/order\/id the number 12345678901234567890 would become 12345678901234567000\.[\s\S]*Write it as a text/,
    ],
    ['input that is no object', () => ['--input', '[1]'], /not a JSON object/],
    ['a label without a value', () => ['--input', '{}', '--label', 'x'], /not of the form key=value/],
    ['a mode that is none', () => ['--input', '{}', '--mode', 'hybird'], /no mode hybird[\s\S]*Did you mean hybrid\?/],
    ['a budget of a kind that is none', () => ['--input', '{}', '--budget', 'token=5'], /Did you mean tokens\?/],
    ['a budget that is no number', () => ['--input', '{}', '--budget', 'usd=much'], /usd=much is not a number/],
    [
      'a budget of nothing',
      () => ['--input', '{}', '--budget', 'tokens=0'],
      /--budget tokens=0 cannot be kept: tokens/,
    ],
    ['half a token', () => ['--input', '{}', '--budget', 'tokens=0.5'], /--budget tokens=0.5 cannot be kept: tokens/],
    ['a time that is none', () => ['--input', '{}', '--budget', 'wallClock=soon'], /wallClock/],
    ['a priority that is none', () => ['--input', '{}', '--priority', '7'], /0 \(most urgent\), 1, 2 or 3/],
    ['a setting without a value', () => ['--input', '{}', '--set', 'maxRounds'], /not of the form key=value/],
    ['a workflow name that cannot be', () => ['--input', '{}', '--workflow', 'No Such'], /workflow/],
  ])('with %s is a usage error before the server is asked', async (_, args, says) => {
    const before = bench.server.requests.length;
    const { exitCode, stderr } = await bench.baton(['run', 'submit', ...args()]);
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(bench.server.requests.length).toBe(before);
  });

  test('takes mode, budget, priority and labels', async () => {
    acceptAll();
    const args = [
      '--mode',
      'hybrid',
      '--budget',
      'usd=5,tokens=2000000',
      '--budget',
      'wallClock=2h',
      '--priority',
      '0',
    ];
    expect((await bench.baton(['run', 'submit', '--input', '{}', ...args])).exitCode).toBe(0);
    expect(bench.lastBody()).toEqual({
      workflow: 'seven-step',
      input: {},
      decisions: { mode: 'hybrid' },
      budget: { usd: 5, tokens: 2_000_000, wallClock: 'PT2H' },
      priority: 0,
    });
  });

  test('sets single values beside the requirements, as the workflow wants them', async () => {
    acceptAll();
    const threshold = { type: 'object', additionalProperties: false, properties: { alignment: { type: 'number' } } };
    const properties = {
      ...{
        requirements: { type: 'string' },
        language: { enum: ['typescript', 'python'] },
        maxRounds: { type: 'integer' },
      },
      ...{ note: { type: 'string' }, docs: { type: 'array', items: { type: 'string' } }, thresholds: threshold },
    };
    const document = { input: { additionalProperties: false, properties } };
    bench.routes.set('GET /v1/workflows/seven-step', (_, response) => json(response, 200, workflowView(document)));
    const set = (...words: readonly string[]) =>
      bench.baton([
        'run',
        'submit',
        '--requirements',
        bench.file('r.md', 'Count'),
        ...words.flatMap((word) => ['--set', word]),
      ]);
    const words = ['language=python', 'maxRounds=2', 'note=42', 'thresholds.alignment=7.5', 'docs=a/', 'docs=7'];
    expect((await set(...words)).exitCode).toBe(0);
    expect(bench.lastBody()).toMatchObject({
      input: {
        ...{ requirements: 'Count', language: 'python', maxRounds: 2, note: '42' },
        ...{ thresholds: { alignment: 7.5 }, docs: ['a/', '7'] },
      },
    });
    const sent = bench.server.requests.filter(({ method }) => method === 'POST').length;
    const wrong = await set('maxRound=2');
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean maxRounds?') });
    for (const word of ['maxRounds=9007199254740993', 'thresholds.alignment=1e400']) {
      expect(await set(word)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/cannot be kept: the number/),
      });
    }
    expect((await set('thresholds.aligment=7')).stderr).toContain('Did you mean thresholds.alignment?');
    expect(bench.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(sent);
    await bench.baton(['run', 'submit', '--set', 'requirements=Count words']);
    expect(bench.lastBody()).toMatchObject({ input: { requirements: 'Count words' } });
  });

  test('of exactly 200 KB is sent', async () => {
    acceptAll();
    expect(
      (await bench.baton(['run', 'submit', '--requirements', bench.file('k.md', 'x'.repeat(200 * 1024))])).exitCode,
    ).toBe(0);
  });

  test('shows where the input does not fit', async () => {
    const errors = [{ pointer: '/input/requirements', detail: 'must be string' }];
    bench.routes.set('POST /v1/runs', (_, response) =>
      problem(response, 422, 'invalid-input', 'The input does not fit.', { errors }),
    );
    const { exitCode, stderr } = await bench.baton(['run', 'submit', '--input', '{"requirements": 5}']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('  /input/requirements: must be string');
  });
});

describe('run submit --again', () => {
  const FORK = '4f2a91c0-0000-4000-8000-000000000002';
  const started = {
    workflow: { name: 'seven-step', version: '1.2.0', sha256: '0' },
    input: { requirements: 'Count', language: 'python', docs: ['a', 'b'] },
    labels: { team: 'red', try: '1' },
    ...{ priority: 1, decisionMode: 'hybrid', budget: { usd: 5, tokens: null, wallClock: 'PT2H' } },
  };
  beforeEach(() => {
    acceptAll();
    bench.serveRun();
    bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) =>
      json(response, 200, { events: [event(1, 'RunStarted', started)], next: '1' }),
    );
    const properties = { docs: { type: 'array', items: { type: 'string' } }, language: {}, requirements: {} };
    const document = { input: { additionalProperties: false, properties } };
    bench.routes.set('GET /v1/workflows/seven-step%401.2.0', (_, response) =>
      json(response, 200, workflowView(document)),
    );
  });
  const again = (...args: readonly string[]) => bench.baton(['run', 'submit', '--again', '3f2a', ...args]);

  test('submits what that run was submitted with, and says what that is', async () => {
    const { exitCode, stdout, stderr } = await again();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${RUN_ID}\n` });
    expect(bench.lastBody()).toEqual({
      ...{ workflow: 'seven-step@1.2.0', input: started.input, labels: started.labels, priority: 1 },
      ...{ decisions: { mode: 'hybrid' }, budget: { usd: 5, wallClock: 'PT2H' } },
    });
    expect(stderr).toContain(
      `As run ${RUN_ID}: seven-step@1.2.0; input with requirements, language, docs; mode hybrid; budget usd=5,wallClock=PT2H; priority 1; labels team=red,try=1.`,
    );
  });

  test('but for what is said: one label, budget or setting at a time', async () => {
    const more = ['--set', 'docs=c', '--set', 'language=go', '--label', 'try=2', '--budget', 'usd=1', '--mode', 'llm'];
    expect((await again(...more, '--priority', '0', '--request-id', 'r-2')).exitCode).toBe(0);
    expect(bench.lastBody()).toEqual({
      ...{ requestId: 'r-2', workflow: 'seven-step@1.2.0', priority: 0, decisions: { mode: 'llm' } },
      input: { requirements: 'Count', language: 'go', docs: ['c'] },
      ...{ labels: { team: 'red', try: '2' }, budget: { usd: 1, wallClock: 'PT2H' } },
    });
    expect((await again('--set', 'langauge=go')).stderr).toContain('Did you mean language?');
    await again('--requirements', bench.file('r.md', 'Sort'));
    expect(bench.lastBody()).toMatchObject({ input: { ...started.input, requirements: 'Sort' } });
    expect((await again('--input', '{"a":1}', '--workflow', 'report')).stderr).toContain(
      `As run ${RUN_ID}, but report instead of seven-step@1.2.0: report; input with a; mode hybrid;`,
    );
    expect(bench.lastBody()).toMatchObject({ workflow: 'report', input: { a: 1 } });
  });

  test('but for the model, and the variants of templates one at a time', async () => {
    const agents = { model: 'm1', templates: { mood: 'kind' }, mcpServers: ['docs'] };
    bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) =>
      json(response, 200, { events: [event(1, 'RunStarted', { ...started, agents })], next: '1' }),
    );
    expect((await again()).stderr).toContain('; model m1; templates mood=kind; of servers no more than docs; ');
    expect(bench.lastBody()).toMatchObject({ agents });
    await again('--model', 'm2', '--template', 'tone=brief');
    expect(bench.lastBody()).toMatchObject({ agents: { model: 'm2', templates: { mood: 'kind', tone: 'brief' } } });
    await again('--template', 'mood=main');
    expect(bench.lastBody()).toMatchObject({ agents: { model: 'm1', templates: { mood: 'main' } } });
    for (const wrong of ['mood', 'Mood=main', 'mood=', '__proto__=main']) {
      expect(await again('--template', wrong)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('is not of the form NAME=VARIANT'),
      });
    }
  });

  test('and what its agents have of the tools of servers, which may be nothing', async () => {
    const servers = async (...words: readonly string[]) => again(...words.flatMap((word) => ['--mcp-servers', word]));
    await servers('docs:search,notes', 'issues');
    expect(bench.lastBody()).toMatchObject({ agents: { mcpServers: ['docs:search', 'notes', 'issues'] } });
    expect((await servers('none')).exitCode).toBe(0);
    expect(bench.lastBody()).toMatchObject({ agents: { mcpServers: [] } });
    for (const wrong of ['', 'Docs', 'docs:', 'docs:a:b', 'docs,,notes', '../docs']) {
      expect(await servers(wrong)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('server:tool') });
    }
  });

  test('sets nothing inside of what is no object', async () => {
    const wrong = await again('--set', 'language.x=1');
    expect(wrong).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('language is a text, so it has no x.'),
    });
    expect((await again('--set', 'docs.0=1')).stderr).toContain('docs is a list, so it has no 0.');
  });

  test('of a fork goes back to the run that was submitted', async () => {
    bench.routes.set('GET /v1/runs/4f2a', (_, response) => json(response, 200, runView({ runId: FORK })));
    const forked = event(1, 'RunForked', { from: { runId: RUN_ID, version: 7 } });
    bench.routes.set(`GET /v1/runs/${FORK}/events`, (_, response) =>
      json(response, 200, { events: [forked], next: '1' }),
    );
    const { stderr } = await bench.baton(['run', 'submit', '--again', '4f2a']);
    expect(stderr).toContain(`As run ${RUN_ID}`);
    expect(bench.lastBody()).toMatchObject({ workflow: 'seven-step@1.2.0', input: started.input });
  });

  test('of a run that has not begun is refused, and of one that is not there not found', async () => {
    bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => json(response, 200, { events: [], next: null }));
    expect(await again()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has not begun') });
    expect((await bench.baton(['run', 'submit', '--again', 'dead'])).exitCode).toBe(3);
  });
});
