import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { REPORT, ROOT } from '@baton/test-stack';
import { afterAll, beforeAll, expect } from 'vitest';
import { test } from './testing/shared-stack.js';

const run = promisify(execFile);
const CACHE = join(ROOT, 'node_modules/.cache/baton');

/** Below node_modules, so that what is generated finds what it needs at run time. */
let folder: string;
beforeAll(async () => {
  await mkdir(CACHE, { recursive: true });
  folder = await mkdtemp(join(CACHE, 'generated-client-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

/** What a user of the client writes: every call and every member of an answer is typed by the document. */
const PROGRAM = `
import * as api from './client.js';

export async function drive(baseUrl: string, token: string, workflow: string, input: Record<string, unknown>) {
  Object.assign(api.defaults, { baseUrl, headers: { authorization: \`Bearer \${token}\` } });
  const accepted = await api.submitRun({ workflow, input, labels: { by: 'generated-client' } });
  if (accepted.status !== 202) throw new Error(accepted.data.detail);
  const { runId } = accepted.data;
  for (;;) {
    const answer = await api.getRun(runId, { prefer: 'wait=30' });
    if (answer.status !== 200) throw new Error(\`\${answer.status}\`);
    if (answer.data.endedAt !== null) break;
  }
  const result = await api.getRunResult(runId);
  if (result.status !== 200) throw new Error(result.data.detail);
  const listed = await api.listRuns({ label: ['by=generated-client'], limit: 1 });
  if (listed.status !== 200) throw new Error(listed.data.detail);
  const events = await api.listRunEvents(runId, { limit: 1000 });
  const missing = await api.getRun('none');
  return {
    status: result.data.status,
    output: result.data.output,
    listed: listed.data.runs.map((run) => run.runId === runId),
    last: events.status === 200 ? events.data.events.at(-1)?.type : undefined,
    missing: missing.status === 404 ? missing.data.code : undefined,
  };
}
`;

test('a client that a public generator makes of /openapi.json compiles, and takes a run from submit to result', async ({
  everything,
}) => {
  const joined = await everything.joinEnv();
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = joined ?? {};
  const document = await (await fetch(`${url}/openapi.json`)).text();
  await writeFile(join(folder, 'openapi.json'), document);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'program.ts'), PROGRAM);
  const generator = join(ROOT, 'node_modules/oazapfts/dist/cli.js');
  await run(process.execPath, [generator, join(folder, 'openapi.json'), join(folder, 'client.ts')]);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const compiled = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  await compiled.catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(''));

  const { drive } = await import(pathToFileURL(join(folder, 'program.js')).href);
  const { workflow, input } = REPORT;
  expect(await drive(url, token, workflow, input)).toMatchObject({
    status: 'succeeded',
    output: expect.anything(),
    listed: [true],
    last: 'RunSucceeded',
    missing: 'run-not-found',
  });
});
