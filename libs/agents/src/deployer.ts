export { readDeployerEnv } from './deployer/env.js';
export { startDeployer } from './deployer/start-deployer.js';
