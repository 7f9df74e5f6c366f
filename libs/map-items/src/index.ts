export { readItemsEnv } from './items-env.js';
export { startMapItems } from './start-map-items.js';
