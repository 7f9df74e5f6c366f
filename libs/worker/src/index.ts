export type { TaskFacts, TaskFailure, TaskHandler, TaskResult, WorkerLog, WorkerTask } from './task-handler.js';
export { type ResultJob, type TaskPorts, taskToResult } from './task-to-result.js';
