import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BatonError, toError } from '@baton/contracts';
import type { RunningService, ServiceContext } from '@baton/service-kit';
import { type RouterEnv, readRouterEnv } from '../env.js';
import { ProblemError, toProblem } from '../http/problem.js';
import { answerFromAll } from './answer-from-all.js';
import { RefusedByShard } from './ask-all.js';
import { askedUrl } from './asked-url.js';
import { assertShards } from './assert-shards.js';
import { forward } from './forward.js';
import { refusalOf } from './refusals.js';
import { shardWith } from './shard-with.js';
import { submit } from './submit.js';
import { wayOf } from './way-of.js';

/** What is being answered when it is told to stop has so long. */
const ANSWER_MS = 3_000;

/**
 * The door in front of several logs, each of which is a whole Baton with a gateway: it knows nothing and keeps nothing, so there
 * may be any number of it. A request about a run goes to the shard that the id says, a submission to the one that its request id
 * says, and what all of them have is put together from a page of each.
 */
export const startRouter = (context: ServiceContext): Promise<RunningService> => serveRouter(readRouterEnv(), context);

/** As startRouter, with the environment given. */
export async function serveRouter(
  { BATON_SHARD_URLS: urls, BATON_HOST: host, BATON_PORT: port }: RouterEnv,
  { log, health }: Pick<ServiceContext, 'log' | 'health'>,
): Promise<RunningService> {
  await assertShards(urls);
  const server = createServer((request, response) => {
    answer(request, response, urls).catch((thrown: unknown) => refuse(response, toError(thrown), log));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  health.addCheck('shards', () => assertShards(urls));
  return {
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Live events of runs would go on for ever.
      const timer = setTimeout(() => server.closeAllConnections(), ANSWER_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, urls: readonly string[]): Promise<void> {
  const { method = 'GET', headers } = request;
  const way = wayOf(
    { method, url: askedUrl(request), shard: textOf(headers['baton-shard']), accept: headers.accept },
    urls.length,
  );
  switch (way.to) {
    case 'shard':
      return forward(request, response, { shard: way.shard, url: urls[way.shard] ?? '' });
    case 'search': {
      const shard = await shardWith(request, urls, way.prefix);
      return forward(request, response, { shard, url: urls[shard] ?? '' });
    }
    case 'submission':
      return submit(request, response, urls, randomUUID);
    case 'all':
      return answerFromAll(way.what, request, response, urls);
    case 'nobody':
      throw refusalOf(way.why, urls.length);
  }
}

const textOf = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

function refuse(response: ServerResponse, error: Error, log: ServiceContext['log']): void {
  // The client has gone, or has the beginning of another answer.
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (error instanceof RefusedByShard) {
    return void response.writeHead(error.status, { 'content-type': error.type }).end(error.body);
  }
  const known = error instanceof ProblemError ? error : null;
  if (known === null) log.error({ err: error }, 'a request could not be answered');
  const problem = known ?? new ProblemError('The router could not answer.', UNEXPECTED);
  response
    .writeHead(problem.status, { ...problem.headers, 'content-type': 'application/problem+json; charset=utf-8' })
    .end(JSON.stringify(toProblem(problem)));
}

const UNEXPECTED = { status: 500, code: 'internal-error', next: 'Look into the log of the router.' };

const cannotListen = (host: string, port: number, cause: Error): BatonError =>
  new BatonError(`The router cannot listen on ${host}:${port}: ${cause.message}.`, {
    code: 'cannot-listen',
    next: 'Give BATON_PORT a free port, or stop what uses this one.',
    cause,
  });
