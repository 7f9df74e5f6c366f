import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { RunResult, RunView } from '@baton/contracts';
import { type BucketServer, startBucketServer } from '@baton/map-items/testing';
import { ended, eventsOf, Stack, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const hasSandbox = existsSync('/usr/bin/bwrap');

/** Where deployments tell that they have begun. */
const told: string[] = [];
const listener = createServer((request, response) => {
  told.push(request.url ?? '');
  response.end();
});

let stack: Stack;
let host: string;
let bucket: BucketServer;
beforeAll(async () => {
  const listening = new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  await listening;
  host = `localhost:${z.object({ port: z.number() }).parse(listener.address()).port}`;
  bucket = await startBucketServer('lists');
  stack = await Stack.start({
    args: ['--only', 'gateway,orchestrator,validator,deployer'],
    env: { BATON_DEPLOY_HOSTS: host, BATON_DEPLOY_OWN_NETWORK: host, ...bucket.env },
  });
});
afterAll(async () => {
  await stack?.stop();
  await bucket?.close();
  listener.closeAllConnections();
  listener.close();
});

const TREE = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** At first it takes long enough to be struck in the middle, and less than until it is done again, which takes no time. */
const slowlyOnce = (name: string): string =>
  [
    `curl -s http://${host}/${name}`,
    `log="$BATON_DEPLOY_DIR/${name}.log"`,
    'echo begun >> "$log"',
    '[ "$(grep -c begun "$log")" -gt 1 ] || sleep 8',
    `cp a.txt "$BATON_DEPLOY_DIR/${name}"`,
    'echo done >> "$log"',
  ].join('; ');

/** Judges a file, which gives it a version, asks a person to deploy that version, and deploys it by that command. */
const documentOf = (name: string, idempotent: boolean, asksFor: object) => ({
  ...{ name, version: '1.0.0', title: 'Deploy slowly' },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Judge',
    States: {
      Judge: {
        ...{ Type: 'Task', Resource: 'baton:worker:validator', TimeoutSeconds: 60 },
        Arguments: {
          ...{ tools: true, language: 'typescript', testCommand: 'node --test', writtenBy: 'me' },
          files: [{ path: 'a.txt', content: name }],
        },
        Assign: {
          tree: '{% $states.result.tree %}',
          deploy: {
            ...{ idempotent, timeoutSeconds: 60, hosts: hasSandbox ? [host] : [] },
            command: slowlyOnce(name),
          },
        },
        Next: 'Ask',
      },
      Ask: {
        ...{ Type: 'Task', Resource: 'baton:approval', TimeoutSeconds: 60, Next: 'Deploy' },
        Arguments: { title: 'Deploy', tree: '{% $tree %}', deploy: '{% $deploy %}' },
        Assign: { approval: '{% $states.result %}' },
      },
      Deploy: {
        ...{ Type: 'Task', Resource: 'baton:worker:deployer', TimeoutSeconds: 120, End: true },
        Arguments: { tree: '{% $tree %}', deploy: '{% $deploy %}', approval: '{% $approval %}', ...asksFor },
      },
    },
  },
});

async function begin(document: object): Promise<string> {
  const { name } = z.object({ name: z.string() }).parse(document);
  await stack.api('/v1/workflows', { method: 'POST', body: JSON.stringify(document) });
  const body = JSON.stringify({ workflow: name, input: {} });
  const { runId } = RunView.pick({ runId: true }).parse(await stack.api('/v1/runs', { method: 'POST', body }));
  const asked = async () =>
    (await eventsOf(stack, runId)).flatMap(({ type, data }) =>
      type === 'TaskScheduled'
        ? [z.object({ commandId: z.string(), resource: z.string() }).parse(data)].filter(
            ({ resource }) => resource === 'baton:approval',
          )
        : [],
    );
  await until(async () => (await asked()).length > 0, 'the question to a person', 30_000);
  const path = `/v1/approvals/${(await asked())[0]?.commandId}`;
  const { sha256 } = z.object({ sha256: z.string() }).parse(await stack.api(path));
  const headers = { 'if-match': `"${sha256}"` };
  await stack.api(`${path}/decision`, { method: 'POST', headers, body: JSON.stringify({ decision: 'approve' }) });
  return runId;
}

const inTarget = (name: string): Promise<string> =>
  readFile(join(stack.home, 'deployed', name), 'utf8').catch(() => '');
const resultOf = async (runId: string) => RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));

async function killedInTheMiddle(name: string, idempotent: boolean) {
  const runId = await begin(documentOf(name, idempotent, {}));
  await until(async () => (await inTarget(`${name}.log`)) !== '', 'the command to begin', 30_000);
  await stack.kill('deployer');
  await ended(stack, runId, 120_000);
  return resultOf(runId);
}

test('a deployer that is killed in the middle does not deploy again: it says that nobody knows, and runs nothing', async () => {
  const result = await killedInTheMiddle('once', false);
  expect(result).toMatchObject({ status: 'failed', error: 'Baton.DeployUnknown' });
  expect(result.cause).toContain('nobody knows whether it was deployed');
  expect((await inTarget('once.log')).match(/begun/g)).toHaveLength(1);
  expect(told.filter((path) => path === '/once')).toHaveLength(hasSandbox ? 1 : 0);
});

test('a command that may be repeated is, after the same', async () => {
  const result = await killedInTheMiddle('again', true);
  expect(result).toMatchObject({ status: 'succeeded', output: { deployed: true } });
  expect(await inTarget('again')).toBe('again');
  const log = await inTarget('again.log');
  expect([log.match(/begun/g)?.length, log.match(/done/g)?.length]).toEqual([2, 1]);
  expect(told.filter((path) => path === '/again')).toHaveLength(hasSandbox ? 2 : 0);
});

test('a workflow that would deploy another version than the one that was approved is refused', async () => {
  const runId = await begin(documentOf('other', false, { tree: TREE }));
  await ended(stack, runId, 60_000);
  expect(await resultOf(runId)).toMatchObject({
    ...{ status: 'failed', error: 'Baton.NotApproved' },
    cause: expect.stringContaining(`the task would deploy ${TREE}`),
  });
  expect(await inTarget('other.log')).toBe('');
});

/** As whoever writes for Step Functions would have it. */
const overBucket = {
  ...{ name: 'over-a-bucket', version: '1.0.0', title: 'Over a bucket' },
  definition: {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Parameters: { Bucket: 'lists', 'Key.$': '$.key' },
        },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'Pass',
          States: { Pass: { Type: 'Pass', End: true } },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: 'lists', Prefix: 'out' },
          WriterConfig: { Transformation: 'COMPACT' },
        },
        End: true,
      },
    },
  },
};

test('a Map reads its items from a bucket and writes its results there, also when its worker is killed in the middle', async () => {
  const rows = Array.from({ length: 1_200 }, (_, at) => ({ n: String(at) }));
  const objects = bucket.buckets.get('lists');
  objects?.set('rows.csv', Buffer.from(`n\n${rows.map(({ n }) => n).join('\n')}\n`));
  // The first time it falls silent after some of it.
  bucket.instead.push((response) => void response.writeHead(200).write('n\n0\n'));
  await stack.api('/v1/workflows', { method: 'POST', body: JSON.stringify(overBucket) });
  const body = JSON.stringify({ workflow: 'over-a-bucket', input: { key: 'rows.csv' } });
  const { runId } = RunView.pick({ runId: true }).parse(await stack.api('/v1/runs', { method: 'POST', body }));
  await until(async () => bucket.asked.length > 0, 'the object to be asked for', 30_000);
  await stack.kill('deployer');
  await ended(stack, runId, 120_000);
  const { status, output } = await resultOf(runId);
  expect(status).toBe('succeeded');
  const { Key } = z.object({ ResultWriterDetails: z.object({ Key: z.string() }) }).parse(output).ResultWriterDetails;
  expect(JSON.parse(objects?.get(Key.replace('manifest', 'SUCCEEDED_0'))?.toString() ?? '')).toEqual(rows);
  // No event holds all of the items but the one that has them written, and copies of the run, which have the outputs so far.
  const events = (await eventsOf(stack, runId)).filter(({ type }) => type !== 'RunContinued');
  const large = events.filter(({ data }) => JSON.stringify(data).length > 12_000).map(({ type }) => type);
  expect(large).toEqual(['TaskScheduled']);
});
