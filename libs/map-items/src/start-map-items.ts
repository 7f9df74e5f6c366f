import type { RunningService, ServiceContext } from '@baton/service-kit';
import { startWorker, type WorkerOptions } from '@baton/worker-service';
import { type ItemsEnv, limitsOf } from './items-env.js';
import { itemsHandler } from './items-handler.js';
import { openStorage } from './storage/storage.js';

const KIND = 'map-items';

/** The worker of Maps that read and write, as a part of a service. Throws what `startWorker` throws. */
export async function startMapItems(
  module: WorkerOptions['module'],
  { health, ...context }: ServiceContext,
  env: ItemsEnv,
): Promise<RunningService> {
  // The other worker of the process has checks of the same names.
  const addCheck: typeof health.addCheck = (name, check) => health.addCheck(`${KIND} ${name}`, check);
  return startWorker(
    {
      kind: KIND,
      description: 'Reads the items of a Map from elsewhere, and writes its results there.',
      module,
      createHandler: async ({ blobs }) => itemsHandler({ blobs, storage: openStorage(env), limits: limitsOf(env) }),
    },
    { ...context, health: { ...health, addCheck } },
    env,
  );
}
