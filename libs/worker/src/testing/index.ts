export { queueBackends } from './queue-backends.js';
export { type TriedTask, type TryOptions, tryTask } from './try-task.js';
export { WorkerFixture } from './worker-fixture.js';
