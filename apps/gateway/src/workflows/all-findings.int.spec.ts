import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway?.stop());

test('everything that is wrong comes at once, warnings and what needs the catalog too', async () => {
  const Child = { Type: 'Task', Resource: 'baton:workflow:nobody', Next: 'Nowhere' };
  const Bad = { Type: 'Task', Resource: 5, Next: 'Ask' };
  const Ask = { Type: 'Task', Resource: 'baton:worker:unheard-of', Retry: 'never', End: true };
  const { body } = await gateway.post('/v1/workflows/validate', {
    name: 'all-at-once',
    version: '01.0.0',
    title: 'Test',
    definition: { QueryLanguage: 'JSONata', StartAt: 'Bad', States: { Bad, Ask, Child } },
    input: { type: 'text' },
    budget: { usd: 0 },
  });
  const found = new Set(
    body.findings.map(({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`),
  );
  expect([...found].sort()).toEqual(
    [
      'schema /version',
      'schema /budget/usd',
      'schema /input/type',
      'schema /definition/States/Bad/Resource',
      'schema /definition/States/Ask/Retry',
      'unknown-state /definition/States/Child/Next',
      'unguarded-task /definition/States/Child',
      'unknown-workflow /definition/States/Child/Resource',
      'unknown-worker-kind /definition',
    ].sort(),
  );
});

test('a kind of worker that is misspelt is told with the one that was probably meant', async () => {
  const Ask = {
    Type: 'Task',
    Resource: 'baton:worker:promt',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }],
    Next: 'End',
  };
  const { body } = await gateway.post('/v1/workflows/validate', {
    ...{ name: 'misspelt', version: '1.0.0', title: 'Test' },
    definition: { QueryLanguage: 'JSONata', StartAt: 'Ask', States: { Ask, End: { Type: 'Succeed' } } },
  });
  expect(body.findings).toMatchObject([
    { code: 'unknown-worker-kind', message: expect.stringMatching(/until one is started; did you mean "prompt"\?$/) },
  ]);
});
