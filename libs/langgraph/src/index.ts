export { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
export { type Graph, type GraphWork, goOnWithGraph } from './go-on-with-graph.js';
export { openThreads, type Threads, type ThreadsOptions } from './open-threads.js';
