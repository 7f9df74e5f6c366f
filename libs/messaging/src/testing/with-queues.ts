import { prepareQueues } from '../messaging.js';

/**
 * For `createTestDatabase`: the queues are prepared in what databases are copied from. Whoever uses a copy prepares them
 * again, which gives the logins that there are by then their rights, and finds all else done.
 */
export const withQueues = {
  name: 'queues',
  prepare: (url: string): Promise<void> => prepareQueues({ backend: 'postgres', url }),
};
