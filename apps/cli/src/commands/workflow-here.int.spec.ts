import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { type Answer, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const GREETING = `name: greet
version: 1.0.0
title: A greeting
input:
  type: object
  required: [who]
  properties: { who: { type: string } }
definition:
  QueryLanguage: JSONata
  StartAt: Hello
  States:
    Hello:
      Type: Task
      Resource: baton:worker:greeter
      Arguments: { who: '{% $states.input.who %}' }
      Assign: { text: '{% $states.result.text %}' }
      Next: Ask
    Ask:
      Type: Task
      Resource: baton:approval
      Arguments: { title: '{% $text %}' }
      Output: '{% $text %}'
      End: true
`;

describe('workflow validate without a gateway', () => {
  const unreachable = { url: 'http://127.0.0.1:1' };

  test('has the findings of publication, and says what was not looked at', async () => {
    const wrong = GREETING.replace('1.0.0', '01.0.0').replace('Next: Ask', 'Next: Nowhere');
    const shape = await bench.baton(['workflow', 'validate', bench.file('w.yaml', wrong)], unreachable);
    expect(shape.exitCode).toBe(1);
    expect(shape.stdout).toContain('w.yaml:17:7 /definition/States/Hello/Next error: there is no state Nowhere');
    const identity = GREETING.replace('1.0.0', '01.0.0');
    const { exitCode, stdout, stderr } = await bench.baton(
      ['workflow', 'validate', bench.file('w.yaml', identity)],
      unreachable,
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: 'w.yaml:2:1 /version error: its numbers have no leading zeros and at most nine digits, as in 1.0.0\n',
    });
    expect(stderr).toMatch(/No gateway answers at .*Not checked without a gateway: whether this version is taken/);
  });

  test('of a good file is exit code 0', async () => {
    const file = bench.file('w.yaml', GREETING);
    expect(await bench.baton(['workflow', 'validate', file], unreachable)).toMatchObject({ exitCode: 0, stdout: '' });
    const { stdout } = await bench.baton(['workflow', 'validate', file, '-o', 'json'], unreachable);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      findings: [],
      notChecked: [/./, /./, /./].map(() => expect.any(String)),
    });
  });
});

describe('workflow validate with a gateway that is of no use for it', () => {
  test.each<[string, Answer, RegExp]>([
    [
      'a wrong token',
      (_, response) => problem(response, 401, 'unauthorized', 'The token is not valid.'),
      /token is not valid/,
    ],
    ['a right that is missing', (_, response) => problem(response, 403, 'forbidden', 'It may not.'), /It may not/],
    ['no such route', (_, response) => problem(response, 404, 'no-such-route', 'Nothing is here.'), /Nothing is here/],
    ['an error of its own', (_, response) => problem(response, 500, 'internal', 'A mistake.'), /A mistake/],
    ['a proxy', (_, response) => void response.writeHead(502).end('<html>'), /cannot be used: The server answered 502/],
    [
      'a page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      /is not a gateway/,
    ],
    ['a connection that breaks', (_, response) => void response.destroy(), /No gateway answers/],
  ])('%s: it is checked here, and what was not and why is said', async (_what, answer, why) => {
    bench.routes.set('POST /v1/workflows/validate', answer);
    const good = await bench.baton(['workflow', 'validate', bench.file('w.yaml', GREETING)]);
    expect({ exitCode: good.exitCode, stdout: good.stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(good.stderr).toMatch(why);
    expect(good.stderr).toMatch(/Not checked without a gateway: whether this version is taken/);
    const wrong = GREETING.replace('Next: Ask', 'Next: Nowhere');
    const bad = await bench.baton(['workflow', 'validate', bench.file('w.yaml', wrong), '-o', 'json']);
    expect(bad.exitCode).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ valid: false, why: expect.stringMatching(why) });
  });

  test('a usage error stops it', async () => {
    const { exitCode } = await bench.baton(['workflow', 'validate', bench.file('w.yaml', 'a: [')]);
    expect(exitCode).toBe(2);
  });
});

describe('workflow test', () => {
  const answers = 'Hello: [{ output: { text: Hello Ada } }]\nAsk: { decision: approve }\n';
  const run = (...args: readonly string[]) =>
    bench.baton([
      'workflow',
      'test',
      bench.file('w.yaml', GREETING),
      '--answers',
      bench.file('a.yaml', answers),
      ...args,
    ]);

  test('shows what each state was given and gave, and asks nobody', async () => {
    const { exitCode, stdout, stderr } = await run('--input', '{"who": "Ada"}');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Hello  succeeded',
      '  input      {"who":"Ada"}',
      '  arguments  {"who":"Ada"}',
      '  output     {"text":"Hello Ada"}',
      '  assigned   text = "Hello Ada"',
      '  next       Ask',
      'Ask  succeeded',
      '  input      {"text":"Hello Ada"}',
      '  arguments  {"title":"Hello Ada"}',
      '  output     "Hello Ada"',
      '  next       (the end)',
      '',
    ]);
    expect(stderr).toBe('w.yaml succeeded.\n');
    expect(bench.server.requests).toEqual([]);
  });

  test('tries one state with variables', async () => {
    const { exitCode, stdout } = await run('--state', 'Ask', '--variables', '{"text": "Hi"}', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'succeeded',
      output: 'Hi',
      next: null,
      states: [{ state: 'Ask', arguments: { title: 'Hi' } }],
      unused: [{ state: 'Hello', answers: 1 }],
    });
  });

  test('tries one state with a context', async () => {
    const document = GREETING.replace("title: '{% $text %}'", "title: '{% $states.context.Map.Item.Value %}'");
    const { exitCode, stdout } = await bench.baton([
      ...['workflow', 'test', bench.file('w.yaml', document), '--state', 'Ask', '--variables', '{"text": "Hi"}'],
      ...['--answers', bench.file('a.yaml', answers), '--context', '{"Map": {"Item": {"Value": "g"}}}', '-o', 'json'],
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ states: [{ state: 'Ask', arguments: { title: 'g' } }] });
  });

  test('ends with 5 where the run fails, and with 1 where an answer is missing', async () => {
    const file = bench.file('w.yaml', GREETING);
    const failing = bench.file('b.yaml', 'Hello: { error: Weather, cause: rain }');
    const input = ['--input', '{"who": "Ada"}'];
    const failed = await bench.baton(['workflow', 'test', file, '--answers', failing, ...input]);
    expect(failed).toMatchObject({ exitCode: 5, stderr: 'w.yaml failed: Weather: rain\n' });
    expect(failed.stdout).toContain('  error      Weather: rain');
    const waiting = await bench.baton(['workflow', 'test', file, ...input]);
    expect(waiting).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('w.yaml waits for Hello') });
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['an input that the workflow does not take', ['--input', '{}'], 1, /w\.yaml:4:1 .*--input at \/who is required/],
    ['an input that is no JSON', ['--input', '{'], 2, /is not JSON/],
    ['a state that there is not', ['--state', 'Nobody'], 1, /has no state Nobody[\s\S]*Hello, Ask/],
    ['a context that is no object', ['--state', 'Ask', '--context', '5'], 2, /--context is not a JSON object/],
    ['variables that are no object', ['--state', 'Ask', '--variables', '[]'], 2, /not a JSON object/],
    [
      'variables for a whole run',
      ['--input', '{"who": ""}', '--variables', '{"a": 1}'],
      1,
      /for the test of one state/,
    ],
  ])('says what is wrong with %s', async (_what, args, exitCode, says) => {
    const ended = await run(...args);
    expect(ended.stderr).toMatch(says);
    expect(ended.exitCode).toBe(exitCode);
  });

  test.each<[string, string, number, RegExp]>([
    ['a.yaml', 'Hello: [', 2, /answers in a\.yaml cannot be read/],
    ['a.json', '{', 2, /answers in a\.json cannot be read/],
    ['a.json', '{"Hello": {"output": 9007199254740993}}', 2, /at \/Hello\/output the number 9007199254740993/],
    ['a.yaml', 'Hello: { output: 9007199254740993 }', 2, /9007199254740993 would become 9007199254740992/],
    ['a.yaml', 'Hello: 5', 1, /answer at Hello cannot be understood/],
    ['a.yaml', 'Hola: { output: 1 }', 1, /no state Hola/],
  ])('says what is wrong with the answers: %s %s', async (name, text, exitCode, says) => {
    const file = bench.file('w.yaml', GREETING);
    const ended = await bench.baton([
      'workflow',
      'test',
      file,
      '--input',
      '{"who":""}',
      '--answers',
      bench.file(name, text),
    ]);
    expect(ended).toMatchObject({ exitCode, stderr: expect.stringMatching(says) });
  });

  test('of a document that is not valid names each error with its place', async () => {
    const wrong = bench.file('w.yaml', GREETING.replace('Next: Ask', 'Next: Nowhere'));
    const { exitCode, stderr } = await bench.baton(['workflow', 'test', wrong]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('w.yaml:17:7 /definition/States/Hello/Next error: there is no state Nowhere');
  });
});
