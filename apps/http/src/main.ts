import { createWorker } from '@baton/worker';
import { doRequest } from './do-request.js';
import { readSettings } from './env.js';
import { HttpResult, RequestArguments } from './request-arguments.js';

const settings = readSettings();
const worker = await createWorker({
  kind: 'http',
  description: 'Sends a request over HTTP to one of the hosts that the operator allows.',
  version: '1.0.0',
  input: RequestArguments,
  output: HttpResult,
  handle: (asked, { idempotencyKey, signal }) => doRequest(asked, idempotencyKey, settings, signal),
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void worker.stop(10_000));
