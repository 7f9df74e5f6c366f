import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLI, ROOT } from '@baton/test-stack';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test.each(['sentiment-routing', 'tool-router'])('the tests of %s pass, with nothing running', async (workflow) => {
  const { stdout } = await run(process.execPath, ['--test', `examples/workflows/${workflow}.test.ts`], { cwd: ROOT });
  expect(stdout).toMatch(/pass 3\b/);
  expect(stdout).toMatch(/fail 0\b/);
});

test('and so does the same by the command line', async () => {
  const answers = 'examples/workflows/answers/sentiment-routing.yaml';
  const args = [CLI, 'workflow', 'test', 'workflows/sentiment-routing.yaml', '--answers', answers];
  const input = ['--input', '{"text": "It is broken."}', '-o', 'json'];
  const { stdout } = await run(process.execPath, [...args, ...input], { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'succeeded',
    output: { action: 'support', answer: 'Sorry. Send it back, please.' },
    states: [{ state: 'ReadSentiment', retries: 1 }, {}, {}, {}],
    unused: [],
  });
});
