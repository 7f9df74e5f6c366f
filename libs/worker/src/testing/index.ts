export { queueBackends } from './queue-backends.js';
export { WorkerFixture } from './worker-fixture.js';
