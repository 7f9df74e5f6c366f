export type { DeployerEnv } from './deployer/env.js';
export { runDeployer, startDeployer } from './deployer/start-deployer.js';
