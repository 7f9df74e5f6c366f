// What a host of workers is made of: `createWorker` beside this is one, and the service of `@baton/worker-service` the other.
export { connectWorker } from './connect-worker.js';
export { withHeartbeats } from './heartbeats.js';
export { schemaOf } from './schema-of.js';
export { typedHandler } from './typed-handler.js';
