import 'reflect-metadata';
import { readDeployerEnv } from '@baton/agents/deployer';
import { readItemsEnv } from '@baton/map-items';
import { runService } from '@baton/service-kit';
import { DeployerModule } from './deployer.module.js';
import { MapItemsModule } from './map-items.module.js';
import { startBoth } from './start-both.js';

await runService({
  name: 'deployer',
  start: (context) => startBoth({ DeployerModule, MapItemsModule }, context, readDeployerEnv(), readItemsEnv()),
});
