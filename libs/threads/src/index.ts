export { evaluatorOn } from './evaluator.js';
export { checkSchema, checkValue, type SchemaFinding, weightOf } from './schemas.js';
export { CallStopped, openStoppable, type Stoppable, type ThreadCall } from './stoppable.js';
export { answer, TASKS, type Tasks } from './tasks.js';
export { THREAD_ENTRY } from './thread-entry.js';
