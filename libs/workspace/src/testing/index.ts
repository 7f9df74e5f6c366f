export { memoryStore } from './memory-store.js';
export { treeWith } from './scratch.js';
