export { runDeployer, startDeployer } from './deployer/start-deployer.js';
