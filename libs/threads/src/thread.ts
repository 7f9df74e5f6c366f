import type { ThreadCall } from './stoppable.js';
import { answer, TASKS } from './tasks.js';

/**
 * What runs in the threads of a process that evaluates expressions and checks values against schemas.
 * @public called by whoever starts the thread
 */
export default (call: ThreadCall): Promise<string> => answer(TASKS, call);
