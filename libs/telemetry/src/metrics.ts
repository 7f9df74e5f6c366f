export { type HubMetrics, hubMetrics } from './hub-metrics.js';
export { gaugesOfProcess } from './process-metrics.js';
export { Counter, Gauge, Histogram, Registry } from './prom.js';
export { type WorkerMetrics, workerMetrics } from './worker-metrics.js';
