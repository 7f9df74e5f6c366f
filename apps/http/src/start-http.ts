import type { RunningService, ServiceContext } from '@baton/service-kit';
import type { WorkerEnv } from '@baton/worker';
import { schemaOf, typedHandler } from '@baton/worker/host';
import { startWorker } from '@baton/worker-service';
import { doRequest } from './do-request.js';
import type { HttpSettings } from './env.js';
import { HttpModule } from './http.module.js';
import { HttpResult, RequestArguments } from './request-arguments.js';

/** The worker of `baton:http` as a service. Throws what `startWorker` throws. */
export function startHttp(settings: HttpSettings, context: ServiceContext, env: WorkerEnv): Promise<RunningService> {
  return startWorker(
    {
      kind: 'http',
      description: 'Sends a request over HTTP to one of the hosts that the operator allows.',
      input: schemaOf(RequestArguments, 'input'),
      output: schemaOf(HttpResult, 'output'),
      module: HttpModule,
      createHandler: async (parts) =>
        typedHandler(
          {
            input: RequestArguments,
            output: HttpResult,
            handle: (asked, { idempotencyKey, signal }) => doRequest(asked, idempotencyKey, settings, signal),
          },
          parts,
        ),
    },
    context,
    env,
  );
}
