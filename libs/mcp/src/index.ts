/** Baton as a server of the Model Context Protocol. */
export { adviseModels } from './advise.js';
export { type BatonServerPorts, batonServer } from './baton-server.js';
export type { Principal } from './tool.js';
export { ALL_TOOLS } from './tools/all-tools.js';
