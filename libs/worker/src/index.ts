export type { TaskFacts } from '@baton/contracts';
export type { HandlerParts } from './connect-worker.js';
export type { TaskConversation } from './conversation.js';
export { type CreatedWorker, type CreateWorkerOptions, createWorker } from './create-worker.js';
export { WorkerEnv } from './env.js';
export { entriesBefore, joinedJournal, type TaskJournal } from './joined-journal.js';
export { TAKE_TASK, type TakeTask } from './take-task.js';
export {
  INVALID_INPUT,
  refusedHandIn,
  type TaskFailure,
  type TaskHandler,
  type TaskResult,
  type WorkerLog,
  type WorkerTask,
} from './task-handler.js';
export { type ResultJob, type TaskPorts, taskToResult } from './task-to-result.js';
export type { HandleContext, TypedWork } from './typed-handler.js';
