import { randomUUID } from 'node:crypto';
import { runStarted } from '@baton/read-model/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { entered, frame } from '../testing/approval-events.js';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const FILES = [
  { path: 'src/main.ts', content: 'export const a = "ä";\n' },
  { path: 'page.html', content: '<script>alert(1)</script>' },
  { path: 'with space/ü.json', content: '{}' },
  { path: '../../etc/passwd', content: 'no' },
];

async function succeeded(output: object): Promise<string> {
  const runId = randomUUID();
  const data = JSON.parse(JSON.stringify({ output }));
  await gateway.log.append(runId, runStarted(), frame(1), entered(1), { type: 'RunSucceeded', data });
  await expect.poll(async () => (await gateway.get(`/v1/runs/${runId}`)).body.status).toBe('succeeded');
  return runId;
}

const fetched = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });

test('the files of an output are listed, and each is fetched by its path, as what it is', async () => {
  const runId = await succeeded({ code: { files: FILES } });
  const { body } = await gateway.get(`/v1/runs/${runId}/artifacts`);
  expect(body.artifacts.map(({ path }: { path: string }) => path)).toEqual(FILES.slice(0, 3).map(({ path }) => path));

  const source = await fetched(`/v1/runs/${runId.slice(0, 8)}/artifacts/src/main.ts`);
  expect(await source.text()).toBe(FILES[0]?.content);
  expect(Object.fromEntries(source.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="main.ts"; filename*=UTF-8''main.ts`,
    'x-content-type-options': 'nosniff',
    etag: `"${body.artifacts[0].sha256}"`,
  });
  const page = await fetched(`/v1/runs/${runId}/artifacts/page.html`);
  expect(page.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
  const spaced = await fetched(`/v1/runs/${runId}/artifacts/${encodeURIComponent('with space')}/%C3%BC.json`);
  expect(await spaced.text()).toBe('{}');
});

test('no page of this origin can run a file of a model as a script of its own, or look like it says', async () => {
  const files = ['evil.js', 'evil.MJS', 'style.css', 'page.html'].map((path) => ({ path, content: '/**/' }));
  const runId = await succeeded({ files });
  const { body } = await gateway.get(`/v1/runs/${runId}/artifacts`);
  expect(body.artifacts[0]).toMatchObject({ path: 'evil.js', mediaType: 'text/javascript; charset=utf-8' });
  for (const { path } of files.slice(0, 3)) {
    const { headers } = await fetched(`/v1/runs/${runId}/artifacts/${path}`);
    const { 'content-type': type, 'x-content-type-options': sniffed } = Object.fromEntries(headers);
    expect([path, type, sniffed]).toEqual([path, 'text/plain; charset=utf-8', 'nosniff']);
  }
});

test('who has it already is told so', async () => {
  const runId = await succeeded({ files: FILES.slice(0, 1) });
  const path = `/v1/runs/${runId}/artifacts/src/main.ts`;
  const etag = (await fetched(path)).headers.get('etag') ?? '';
  const again = await fetched(path, { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  // What it says goes for the copy that is kept.
  expect(again.headers.get('content-security-policy')).toContain('sandbox');
});

test('what a run did not make is not there, whatever the path says', async () => {
  const runId = await succeeded({ files: FILES });
  const without = await succeeded({ text: 'none' });
  expect((await gateway.get(`/v1/runs/${without}/artifacts`)).body.artifacts).toEqual([]);
  for (const path of ['none', '%2e%2e/%2e%2e/etc/passwd', '..%2f..%2fetc/passwd', 'src', 'src/', '%00', '__proto__']) {
    const answer = await gateway.get(`/v1/runs/${runId}/artifacts/${path}`);
    expect([path, answer.status]).toEqual([path, 404]);
  }
});
