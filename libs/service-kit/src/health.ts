import { createServer, type Server, type ServerResponse } from 'node:http';
import { BatonError, toError } from '@baton/contracts';

/** Resolves when all is well, throws with the reason when not. */
export type HealthCheck = () => Promise<void>;

export interface Health {
  /** Adds a check to `/readyz` under a name for people, such as `database`. */
  addCheck(name: string, check: HealthCheck): void;
  /** Something to know that makes nothing ready or not: shown on `/readyz?verbose`, one line under a name. */
  addFact(name: string, fact: string): void;
  /** `starting` and `stopping` answer 503 whatever the checks say. */
  setPhase(phase: 'starting' | 'running' | 'stopping'): void;
  report(): Promise<{
    readonly ready: boolean;
    readonly phase: string;
    readonly checks: Readonly<Record<string, string>>;
  }>;
  facts(): Readonly<Record<string, string>>;
}

const CHECK_TIMEOUT_MS = 2_000;

async function outcomeOf(check: HealthCheck): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS / 1000} s`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), tooSlow]);
    return 'ok';
  } catch (thrown) {
    return toError(thrown).message;
  } finally {
    clearTimeout(timer);
  }
}

export function createHealth(): Health {
  const checks = new Map<string, HealthCheck>();
  const facts = new Map<string, string>();
  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  return {
    addCheck: (name, check) => void checks.set(name, check),
    addFact: (name, fact) => void facts.set(name, fact),
    facts: () => Object.fromEntries(facts),
    setPhase: (next) => {
      phase = next;
    },
    report: async () => {
      const entries = [...checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const);
      const outcomes = Object.fromEntries(await Promise.all(entries));
      const ready = phase === 'running' && Object.values(outcomes).every((outcome) => outcome === 'ok');
      return { ready, phase, checks: outcomes };
    },
  };
}

/** What the process counts, in the text format of Prometheus. */
export interface Scraped {
  readonly contentType: string;
  readonly metrics: () => Promise<string>;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

function answerMetrics(response: ServerResponse, scraped: Scraped): void {
  scraped.metrics().then(
    (text) =>
      void response.writeHead(200, { 'content-type': scraped.contentType, 'cache-control': 'no-store' }).end(text),
    (thrown) => answer(response, 500, { status: toError(thrown).message }),
  );
}

/**
 * Serves `/livez` (the process answers), `/readyz` (it can do its work; `?verbose` shows facts) and `/metrics`. Whoever reaches the
 * port reads them without a key. Throws `port-in-use`.
 */
export async function serveHealth(health: Health, host: string, port: number, scraped?: Scraped): Promise<Server> {
  const server = createServer((request, response) => {
    const [path, query] = (request.url ?? '').split('?');
    if (path === '/livez') return answer(response, 200, { status: 'alive' });
    if (path === '/metrics' && scraped !== undefined) return answerMetrics(response, scraped);
    if (path !== '/readyz') return answer(response, 404, { status: 'not found' });
    return void health.report().then(
      ({ ready, ...rest }) => {
        const facts = new URLSearchParams(query).has('verbose') ? { facts: health.facts() } : {};
        answer(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', ...rest, ...facts });
      },
      (thrown) => answer(response, 500, { status: toError(thrown).message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new BatonError(`The health server cannot listen on ${host}:${port}: ${error.message}.`, {
          code: 'port-in-use',
          next: 'Give BATON_HEALTH_PORT a free port, or unset it.',
          cause: error,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  server.unref();
  return server;
}
