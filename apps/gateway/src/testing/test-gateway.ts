import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogMigrations } from '@baton/catalog';
import { type Shard, toError } from '@baton/contracts';
import { createPool, eventStoreMigrations, setShard } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { prepareQueues } from '@baton/messaging';
import { withQueues } from '@baton/messaging/testing';
import { notificationsMigrations } from '@baton/notifications';
import { readModelMigrations } from '@baton/read-model';
import { document, openTestLog, type TestLog } from '@baton/read-model/testing';
import { createLogger, freePort, type Health, type HealthCheck } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { OidcVariables } from '../auth/oidc-config.js';
import { serve } from '../gateway.js';
import { KeepVariables } from '../pruning/prune-env.js';
import { type CuttableLink, openLink } from './cuttable-link.js';
import { holdToDocument } from './hold-to-document.js';

export const TOKEN = 'a-token-of-this-test';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; expect() checks it.
  readonly body: any;
}

/** A gateway as main.ts starts it, on a database of its own, and what a test needs to play the hub. */
export interface TestGateway {
  readonly url: string;
  readonly databaseUrl: string;
  /** The gateway's own way to the database. */
  readonly link: CuttableLink;
  /** Every line that was logged. */
  readonly lines: readonly string[];
  /** The hub's side: the pool may write what the hub may. */
  readonly hub: Pool;
  readonly log: TestLog;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A request without the token. */
  bare(path: string, init?: RequestInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly redisUrl?: string;
  readonly allowPrivateWebhooks?: boolean;
  readonly hookSecrets?: ReadonlyMap<string, string>;
  readonly rates?: { readonly address?: number; readonly key?: number };
  /** How many submissions may wait; without it as many as come, since nobody takes them. */
  readonly mostWaiting?: number;
  /** How many submissions may be unanswered. */
  readonly mostInHand?: number;
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
  /** The folder of the page; none is served without it. */
  readonly web?: string;
  /** Of another gateway that is there: this one is beside it, and leaves it as it is. */
  readonly databaseUrl?: string;
  /** Which of several logs its database is made. */
  readonly shard?: Shard;
  /** Of the stack. */
  readonly token?: string;
  /** Variables of `BATON_OIDC_…`. */
  readonly oidc?: z.input<typeof OidcVariables>;
  /** Settings of checkpoints, which are off without them. */
  readonly checkpoints?: Partial<Parameters<typeof serve>[0]> & { readonly BATON_HOME: string };
}

export async function startTestGateway(postgresUrl: string, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = await databaseFor(postgresUrl, options);
  if (options.shard !== undefined) await makeShard(database.url, options.shard);
  const workflows = await mkdtemp(join(tmpdir(), 'baton-gateway-'));
  await writeFile(join(workflows, 'two-steps.json'), JSON.stringify(document));
  const link = await openLink(database.url);
  const port = await freePort();
  const lines: string[] = [];
  const running = await serve(
    {
      DATABASE_URL: link.url,
      REDIS_URL: options.redisUrl,
      BATON_HOST: '127.0.0.1',
      BATON_PORT: port,
      BATON_TOKEN: options.token ?? TOKEN,
      BATON_WORKFLOWS_DIR: workflows,
      BATON_PROMPTS_DIR: [],
      // Tests ask as fast as they can.
      BATON_RATE_PER_ADDRESS: options.rates?.address ?? 0,
      BATON_RATE_PER_KEY: options.rates?.key ?? 0,
      BATON_MOST_WAITING: options.mostWaiting ?? 0,
      BATON_MOST_IN_HAND: options.mostInHand ?? 500,
      BATON_ALLOWED_HOSTS: [...(options.allowedHosts ?? [])],
      BATON_TRUSTED_PROXIES: [...(options.trustedProxies ?? [])],
      BATON_WEB: options.web ?? 'off',
      BATON_HOME: workflows,
      ...KeepVariables.parse({}),
      BATON_CHECKPOINTS: 'off',
      BATON_CHECKPOINT_SECONDS: 1,
      BATON_CHECKPOINT_EVENTS: 10_000,
      BATON_CHECKPOINT_S3_REGION: 'us-east-1',
      ...options.checkpoints,
      BATON_WEBHOOK_ALLOW_PRIVATE: options.allowPrivateWebhooks ?? false,
      ...OidcVariables.parse(options.oidc ?? {}),
      ...(options.hookSecrets === undefined ? {} : { hookSecrets: options.hookSecrets }),
    },
    {
      log: createLogger({ name: 'gateway', level: 'debug' }, { write: (line) => void lines.push(line) }),
      health: runningHealth(),
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const hub = createPool(database.url, { role: 'hub', max: 2, applicationName: 'test-hub' });
  const log = await openTestLog(database.url);
  const bare = (path: string, init: RequestInit = {}): Promise<Answer> => ask(`${url}${path}`, init);
  const authorization = `Bearer ${options.token ?? TOKEN}`;
  return {
    url,
    databaseUrl: database.url,
    link,
    lines,
    hub,
    log,
    bare,
    get: (path, headers) => bare(path, { headers: { authorization, ...headers } }),
    post: (path, body, headers) =>
      bare(path, {
        method: 'POST',
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    stop: async () => {
      await running.stop();
      await link.cut();
      await log.close();
      await hub.end();
      await database.drop();
      await rm(workflows, { recursive: true });
    },
  };
}

async function makeShard(url: string, shard: Shard): Promise<void> {
  const owner = createPool(url, { role: 'owner', max: 1, applicationName: 'test-owner' });
  await setShard(owner, shard);
  await owner.end();
}

async function databaseFor(
  postgresUrl: string,
  { redisUrl, databaseUrl }: TestGatewayOptions,
): Promise<Pick<TestDatabase, 'url' | 'drop'>> {
  if (databaseUrl !== undefined) return { url: databaseUrl, drop: async () => {} };
  const database = await createTestDatabase(
    postgresUrl,
    [eventStoreMigrations, catalogMigrations, readModelMigrations, notificationsMigrations],
    redisUrl === undefined ? [withQueues] : [],
  );
  if (redisUrl === undefined) await prepareQueues({ backend: 'postgres', url: database.url });
  return database;
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body = text === '' ? null : bodyOf(text);
  holdToDocument(init.method ?? 'GET', url, response, body);
  return { status: response.status, headers: response.headers, body };
}

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The health of a process that has started: every check that was added, and nothing else. */
export function runningHealth(): Health {
  const checks = new Map<string, HealthCheck>();
  const facts = new Map<string, string>();
  return {
    addCheck: (name, check) => void checks.set(name, check),
    addFact: (name, fact) => void facts.set(name, fact),
    facts: () => Object.fromEntries(facts),
    setPhase: () => {},
    report: async () => {
      const outcomes = await Promise.all(
        [...checks].map(
          async ([name, check]) =>
            [
              name,
              await check().then(
                () => 'ok',
                (e) => toError(e).message,
              ),
            ] as const,
        ),
      );
      const ready = outcomes.every(([, outcome]) => outcome === 'ok');
      return { ready, phase: 'running', checks: Object.fromEntries(outcomes) };
    },
  };
}
