export { type Call, play, type Seen } from './competent-model.js';
export { type CrowdSaw, crowd, lostRuns } from './crowd.js';
export { loopOf, mapOf } from './documents.js';
export { FaultProxy } from './fault-proxy.js';
export { violations } from './invariants.js';
export { NoopWorker } from './noop-worker-process.js';
export { RedisServer, redisProgram } from './redis-server.js';
export {
  askedOf,
  ended,
  eventsOf,
  getRun,
  publish,
  REPORT,
  REQUIREMENTS,
  type Submission,
  sevenSteps,
  submit,
} from './runs.js';
export { BASE_ENV, CLI, FOR_SEVEN_STEPS, ROOT, Stack, type Victim } from './stack.js';
export { until } from './until.js';
