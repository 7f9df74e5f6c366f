import type { JsonObject } from '@baton/contracts';
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
      ...schemas(),
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

function schemas(): { readonly input?: JsonObject; readonly output?: JsonObject } {
  const [input, output] = [schemaOf(RequestArguments, 'input'), schemaOf(HttpResult, 'output')];
  return { ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) };
}
