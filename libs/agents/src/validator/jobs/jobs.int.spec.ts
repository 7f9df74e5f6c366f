import { JsonObject } from '@baton/contracts';
import { getTree, putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import { JobReport } from '../../task/job-arguments.js';
import { bare, trustedOnly } from '../../testing/sandboxes.js';
import { agentsWith, scriptedModel, taskWith } from '../../testing/scripted-agents.js';

const store = memoryStore();
const signal = new AbortController().signal;

async function validate(args: object, sandbox = bare) {
  const agents = await agentsWith(scriptedModel([]).call, { blobs: store, sandbox: async () => sandbox });
  return agents.validator(taskWith(JsonObject.parse(args)), signal);
}

const PROGRAM = `import { readFileSync, writeFileSync } from 'node:fs';
const [from, to] = process.argv.slice(2);
const numbers: number[] = JSON.parse(readFileSync(from ?? '', 'utf8'));
writeFileSync(to ?? '', JSON.stringify({ sum: numbers.reduce((a, b) => a + b, 0) }));
`;
const job = { program: 'sum.ts', arguments: ['in.json', 'out.json'], writes: ['out.json'] };
const ask = (changes: object = {}) => ({
  ...{ job, language: 'typescript', writtenBy: 'somebody' },
  files: [{ path: 'sum.ts', content: PROGRAM }],
  data: [{ path: 'in.json', content: '[1, 2, 39]' }],
  ...changes,
});

describe('a program that is run for what it writes', () => {
  it('gives what it wrote, and the version of its files with that, without the data', async () => {
    const result = await validate(ask());
    if (!result.ok) throw new Error(result.cause);
    const report = JobReport.parse(result.output);
    expect(report).toMatchObject({ passed: true, exitCode: 0, outputs: { 'out.json': { sum: 42 } } });
    expect(report.files).toEqual([{ path: 'out.json', content: '{"sum":42}' }]);
    const tree = await getTree(store, report.tree ?? '');
    expect(tree.map(({ path }) => path)).toEqual(['out.json', 'sum.ts']);
  });

  it.each([
    ['it fails', ask({ data: [] }), 'sum.ts failed: it ended with exit code 1'],
    ['it writes nothing', ask({ job: { ...job, writes: ['other.json'] } }), 'left no other.json that is JSON'],
    ['it is not there', ask({ job: { ...job, program: 'no.ts' } }), 'There is no no.ts among the files.'],
    [
      'what it writes is no JSON',
      ask({
        files: [
          { path: 'sum.ts', content: "import { writeFileSync } from 'node:fs'; writeFileSync('out.json', 'x');" },
        ],
      }),
      'left no out.json that is JSON',
    ],
  ])('has not passed where %s', async (_, args, reason) => {
    expect(await validate(args)).toMatchObject({
      ...{ ok: true },
      output: { passed: false, outputs: {}, reason: expect.stringContaining(reason) },
    });
  });

  it('is not run where the code is a stranger’s and there is no sandbox, and then has not passed', async () => {
    expect(await validate(ask(), trustedOnly)).toMatchObject({
      output: {
        passed: false,
        exitCode: null,
        reason: expect.stringContaining('It did not run. The code was written by somebody.'),
      },
    });
    expect(await validate(ask({ writtenBy: 'offline' }), trustedOnly)).toMatchObject({
      output: { passed: false, reason: expect.stringContaining('are not what a task of the offline model wrote') },
    });
  });
});

describe('a table of a workspace', () => {
  async function read(path: string, content: string) {
    const files = [{ path, mode: '100644' as const, ...(await putFile(store, Buffer.from(content))) }];
    return validate({ table: 'data/a.csv', workspace: { tree: await putTree(store, treeOf(files)) } });
  }

  it('has numbers, words and empty cells, and what begins with a zero is a word', async () => {
    const text = '\ufeffname,age,code,note\n"Ada, L.",36,007,\nBob,1.5,1e3,"two\nlines"\n';
    expect(await read('data/a.csv', text)).toEqual({
      ok: true,
      output: {
        rows: [
          { name: 'Ada, L.', age: 36, code: '007', note: null },
          { name: 'Bob', age: 1.5, code: 1000, note: 'two\nlines' },
        ],
      },
    });
  });

  it.each([
    ['data/b.csv', 'a\n1\n', 'The workspace has no data/a.csv that is text.'],
    ['data/a.csv', 'a,b\n', 'has no row beneath its first line'],
    ['data/a.csv', 'a,b\n1,2,3\n', 'data/a.csv cannot be read: Invalid Record Length'],
    ['data/a.csv', `a\n${'1\n'.repeat(1_001)}`, 'has 1001 rows; at most 1000 are read'],
  ])('that cannot be read is told in a sentence (%s)', async (path, content, problem) => {
    expect(await read(path, content)).toMatchObject({ ok: false, cause: expect.stringContaining(problem) });
  });
});
