export { WorkerEnv } from './env.js';
export { type HandlerParts, startWorker, type WorkerOptions } from './start-worker.js';
export { TAKE_TASK, type TakeTask } from './take-task.js';
export type { TaskFacts, TaskFailure, TaskHandler, TaskResult, WorkerLog, WorkerTask } from './task-handler.js';
export { type ResultJob, type TaskPorts, taskToResult } from './task-to-result.js';
