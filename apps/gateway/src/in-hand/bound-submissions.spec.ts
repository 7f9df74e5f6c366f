import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { ProblemError } from '../http/problem.js';
import { boundSubmissions } from './bound-submissions.js';
import { InHand } from './in-hand.js';

/** A server that answers nothing of what it has let in until `open` is called. */
function server() {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const inHand = new InHand({ requests: 4, bytes: 1_000_000, atOnce: 4, waitMs: 60_000 }, () => 0);
  const { letIn, letGo } = boundSubmissions(inHand, 1_000);
  const app = fastify();
  app.setErrorHandler((thrown, _, reply) => reply.code(thrown instanceof ProblemError ? thrown.status : 500).send());
  letIn(app);
  letGo(app);
  for (const route of ['/v1/runs', '/hooks/:hook']) {
    app.post(route, async () => {
      await opened;
      return 'done';
    });
  }
  const statusFor = async (headers: Record<string, string>, url = '/v1/runs') =>
    (await app.inject({ method: 'POST', url, headers })).statusCode;
  return { app, open, statusFor, inHand };
}

test.each([
  ['one token, however it is written,', ['Bearer a', 'bearer a', 'Bearer   a', 'BEARER a  ']],
  ['what shows no token', ['Bearer', 'Basic a', 'Bearer a b', 'none']],
])('%s is one who asks', async (_, [first = '', second = '', third = '', fourth = '']) => {
  const { app, open, statusFor, inHand } = server();
  const letIn = [first, second, third].map((authorization) => statusFor({ authorization }));
  await expect.poll(() => inHand.requests).toBe(3);
  expect(await statusFor({ authorization: fourth })).toBe(429);
  letIn.push(statusFor({ authorization: 'Bearer other' }));
  await expect.poll(() => inHand.requests).toBe(4);
  open();
  expect(await Promise.all(letIn)).toEqual([200, 200, 200, 200]);
  await app.close();
});

test('a delivery of a hook begins a run, and is refused by its head where it is too large', async () => {
  const { app, open, statusFor, inHand } = server();
  expect(await statusFor({ 'content-length': '300000' }, '/hooks/shop')).toBe(413);
  const letIn = ['a', 'b', 'c'].map((name) => statusFor({}, `/hooks/${name}`));
  await expect.poll(() => inHand.requests).toBe(3);
  expect(await statusFor({}, '/hooks/d')).toBe(429);
  open();
  expect(await Promise.all(letIn)).toEqual([200, 200, 200]);
  await app.close();
});
