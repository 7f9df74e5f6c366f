import type { Catalog } from '@baton/catalog';
import type { Shard } from '@baton/contracts';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Hub } from './hub/hub.js';
import type { PlaceLine } from './places/place-line.js';
import { IntakeController } from './requests/intake.controller.js';
import { ResultsController } from './results/results.controller.js';
import { CATALOG, HUB, LINE, POOL, SHARD, SIGNED_ONLY } from './tokens.js';

@Module({ controllers: [IntakeController, ResultsController] })
class OrchestratorModule {}

/** The parts are made before Nest starts, since their start can fail with a sentence for the operator. */
export const orchestratorModule = (parts: {
  readonly hub: Hub;
  readonly catalog: Catalog;
  readonly pool: Pool;
  readonly shard: Shard;
  readonly isSignedOnly: boolean;
  readonly line: Pick<PlaceLine, 'hasCaps' | 'wait'>;
}): DynamicModule => ({
  module: OrchestratorModule,
  providers: [
    { provide: HUB, useValue: parts.hub },
    { provide: CATALOG, useValue: parts.catalog },
    { provide: POOL, useValue: parts.pool },
    { provide: SHARD, useValue: parts.shard },
    { provide: SIGNED_ONLY, useValue: parts.isSignedOnly },
    { provide: LINE, useValue: parts.line },
  ],
});
