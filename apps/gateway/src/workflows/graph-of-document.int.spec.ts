import { document } from '@baton/read-model/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway, TOKEN } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

const versionOf = (name: string, version: string) => ({ ...document, name, version });
const withStates = (name: string, States: object) => ({
  name,
  version: '1.0.0',
  title: name,
  definition: { StartAt: 'A', States },
});

describe('POST /v1/workflows/graph', () => {
  const ask = (body: object, query = '') =>
    fetch(`${gateway.url}/v1/workflows/graph${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('draws a document that nobody published, and publishes nothing', async () => {
    const mermaid = await ask(versionOf('only-drawn', '1.0.0'));
    expect([mermaid.status, mermaid.headers.get('content-type')]).toEqual([200, 'text/vnd.mermaid; charset=utf-8']);
    expect(await mermaid.text()).toMatch(/^---|^flowchart/);
    expect(await (await ask(versionOf('only-drawn', '1.0.0'), '?format=text')).text()).toMatch(/^only-drawn@1\.0\.0/);
    expect((await gateway.get('/v1/workflows/only-drawn')).status).toBe(404);
  });

  test('refuses one with errors at their places', async () => {
    const answer = await ask(withStates('wrong', { A: { Type: 'Pass', Next: 'Nowhere' } }));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      detail: 'The workflow document has errors and cannot be drawn.',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/definition/States/A/Next' })]),
    });
  });
});
