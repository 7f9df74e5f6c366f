import 'reflect-metadata';
import { runDeployer } from '@baton/agents/deployer';
import { DeployerModule } from './deployer.module.js';

await runDeployer(DeployerModule);
