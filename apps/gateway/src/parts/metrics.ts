import type { QueueView } from '@baton/contracts';
import { logHead } from '@baton/event-store';
import { Counter, Gauge, gaugesOfProcess, Histogram, Registry } from '@baton/telemetry/metrics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { InHand } from '../in-hand/in-hand.js';
import type { LogTail } from './log-tail.js';
import { operationsMetrics } from './operations-metrics.js';

/*
 * What Prometheus is told. Labels have few values that are all known beforehand: the route as it is registered, never a path;
 * a queue, never a run. What a stranger sends makes no new series.
 */

/** Asked for at each scrape; what does not answer in time is left out of it. */
const SCRAPE_MS = 2_000;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STATES = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const;
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface Metrics {
  /** Counts every request from now on. */
  readonly watch: (server: FastifyInstance) => void;
  /** In the text format of Prometheus. */
  readonly scrape: () => Promise<string>;
  readonly contentType: string;
}

interface MetricsPorts {
  readonly pool: Pool;
  /** How much waits in each queue. */
  readonly queueCounts: () => Promise<readonly QueueView[]>;
  readonly tail: Pick<LogTail, 'listeners'>;
  /** Null where as many submissions are taken as come. */
  readonly inHand: Pick<InHand, 'requests'> | null;
  /** What the process tells on its other port too; one of its own where it is absent. */
  readonly register?: Registry | undefined;
}

export function gatewayMetrics(ports: MetricsPorts): Metrics {
  const register = ports.register ?? new Registry();
  const requests = new Counter({
    name: 'baton_http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [register],
  });
  const durations = new Histogram({
    name: 'baton_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer. Live streams are not in it.',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers: [register],
  });
  const inFlight = new Gauge({
    name: 'baton_http_requests_in_flight',
    help: 'Requests that are being answered, live streams among them.',
    registers: [register],
  });
  if (ports.register === undefined) gaugesOfProcess(register);
  operationsMetrics(ports.pool, register, inTime);
  gaugesOfParts(ports, register);
  return {
    watch: (server) => {
      server.addHook('onRequest', async () => inFlight.inc());
      server.addHook('onResponse', async (request, reply) => {
        inFlight.dec();
        const labels = labelsOf(request);
        requests.inc({ ...labels, status: String(reply.raw.statusCode) });
        const isStream = String(reply.raw.getHeader('content-type') ?? '').startsWith('text/event-stream');
        if (!isStream) durations.observe(labels, reply.elapsedTime / 1000);
      });
    },
    scrape: () => register.metrics(),
    contentType: register.contentType,
  };
}

const labelsOf = ({ method, routeOptions }: FastifyRequest): { readonly method: string; readonly route: string } => ({
  method: METHODS.has(method) ? method : 'other',
  route: routeOptions.url ?? 'none',
});

function gaugesOfParts(ports: MetricsPorts, register: Registry): void {
  const queues = sharedQuestion(async () => (await inTime(ports.queueCounts())) ?? []);
  new Gauge({
    name: 'baton_event_streams',
    help: 'Clients that follow events live.',
    registers: [register],
    collect() {
      this.set(ports.tail.listeners);
    },
  });
  new Gauge({
    name: 'baton_submissions_in_hand',
    help: 'Submissions that are not answered yet, of as many as there is room for; 0 where that has no limit.',
    registers: [register],
    collect() {
      this.set(ports.inHand?.requests ?? 0);
    },
  });
  new Gauge({
    name: 'baton_log_position',
    help: 'The position of the newest event in the log.',
    registers: [register],
    async collect() {
      const head = await inTime(logHead(ports.pool));
      this.reset();
      if (head !== null) this.set(head);
    },
  });
  new Gauge({
    name: 'baton_queue_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers: [register],
    async collect() {
      const counted = await queues();
      this.reset();
      for (const queue of counted) for (const state of STATES) this.set({ queue: queue.name, state }, queue[state]);
    },
  });
  new Gauge({
    name: 'baton_queue_oldest_seconds',
    help: 'For how long the job that has waited longest has been due, by queue; 0 where none waits.',
    labelNames: ['queue'],
    registers: [register],
    async collect() {
      const counted = await queues();
      this.reset();
      for (const { name, oldestMs } of counted) this.set({ queue: name }, (oldestMs ?? 0) / 1000);
    },
  });
}

/** Asked once for all who ask while it is under way: the gauges of one scrape. */
function sharedQuestion<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
}

/** Null where it fails or takes too long: a scrape tells what can be told. */
async function inTime<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SCRAPE_MS);
  });
  return Promise.race([asked.catch(() => null), late]).finally(() => clearTimeout(timer));
}
