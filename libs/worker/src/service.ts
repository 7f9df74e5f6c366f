// A worker as a Nest service. Apart from the rest, because a worker of one's own needs nothing of Nest.
export { startWorker, type WorkerOptions } from './start-worker.js';
