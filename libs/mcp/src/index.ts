/** Baton as a server of the Model Context Protocol. */
export { adviseModels } from './advise.js';
export { batonServer } from './baton-server.js';
export { ALL_TOOLS } from './tools/all-tools.js';
