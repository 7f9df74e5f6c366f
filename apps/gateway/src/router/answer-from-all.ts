import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventList, RunList, Verification } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import { askAll } from './ask-all.js';
import { askedUrl } from './asked-url.js';
import { assertShards } from './assert-shards.js';
import { type LogPlace, mergeEvents } from './merge-events.js';
import { mergeRuns } from './merge-runs.js';
import { mergeVerifications } from './merge-verifications.js';
import { placesIn } from './places-in.js';
import type { Way } from './way-of.js';

const RUNS_IN_PAGE = 50;
const EVENTS_IN_PAGE = 100;

/** Answers what all shards have, from what each of them says. */
export async function answerFromAll(
  what: Extract<Way, { to: 'all' }>['what'],
  request: IncomingMessage,
  response: ServerResponse,
  urls: readonly string[],
): Promise<void> {
  const query = askedUrl(request).searchParams;
  switch (what) {
    case 'runs': {
      const cursor = query.get('cursor');
      const pages = await askAll(request, urls, RunList, () => ({
        path: '/v1/runs',
        query: cursor === null ? {} : { cursor },
      }));
      return sendPage(request, response, mergeRuns(pages, limitOf(query, RUNS_IN_PAGE)));
    }
    case 'events': {
      const places = placesIn(query, urls.length);
      const pages = await askAll(request, urls, EventList, (shard) => ({
        path: '/v1/events',
        query: placeOf(places[shard]),
      }));
      return sendPage(request, response, mergeEvents(pages, places, limitOf(query, EVENTS_IN_PAGE)));
    }
    case 'verification': {
      const found = await askAll(request, urls, Verification, () => ({ path: '/v1/audit/verify', query: {} }));
      const verification = mergeVerifications(found);
      const isLines = request.headers.accept?.includes(LINES) === true;
      return isLines
        ? send(response, `${JSON.stringify({ verification })}\n`, LINES)
        : sendJson(response, verification);
    }
    case 'readiness': {
      const problem = await assertShards(urls).then(
        () => null,
        (thrown: unknown) => notReady(thrown),
      );
      if (problem !== null) throw problem;
      const checks = Object.fromEntries(urls.map((_, shard) => [`shard ${shard}`, 'ok']));
      return sendJson(response, { status: 'ready', phase: 'running', checks });
    }
    case 'liveness':
      return sendJson(response, { status: 'alive' });
  }
}

const LINES = 'application/x-ndjson';

const notReady = (cause: unknown): ProblemError =>
  new ProblemError(`Not ready: ${cause instanceof Error ? cause.message : String(cause)}`, {
    status: 503,
    code: 'not-ready',
    next: 'Runs of the other shards go on meanwhile.',
    headers: { 'retry-after': '2' },
    cause,
  });

/** Each of them refuses what is no number. */
const limitOf = (query: URLSearchParams, byDefault: number): number => Number(query.get('limit') ?? byDefault);

const placeOf = (place: LogPlace | undefined): Readonly<Record<string, string>> =>
  place === undefined ? {} : 'cursor' in place ? { cursor: place.cursor } : { after: String(place.after) };

function sendPage(request: IncomingMessage, response: ServerResponse, page: { readonly next: string | null }): void {
  if (page.next !== null) {
    const url = askedUrl(request);
    url.searchParams.set('cursor', page.next);
    response.setHeader('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  sendJson(response, page);
}

const sendJson = (response: ServerResponse, body: object): void =>
  send(response, JSON.stringify(body), 'application/json; charset=utf-8');

function send(response: ServerResponse, body: string, type: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
