import type { OutgoingJob } from '@baton/messaging';
import { readAppend } from '../world/database/append.js';
import type { Mutant } from './mutant.js';

export const sendsBeforeTheCommit: Mutant = {
  name: 'sends-before-the-commit',
  bug: 'tasks are sent before the transaction that issues them is written',
  foundAt: 1,
  wires: ({ server }) => ({
    answer: (name, values, next) => {
      if (!name.startsWith('append-batch')) return next(values);
      for (const { queue, commandId, name: job, message } of readAppend(values).commands) {
        if (queue === null) continue;
        const data: OutgoingJob['data'] = { ...JSON.parse(message), dispatchNo: 0 };
        const id = `c-${commandId}-early`;
        server.add({ queue, id, name: job, data: JSON.stringify(data), priority: 0, door: 'bullmq', delayMs: 0 });
      }
      return next(values);
    },
  }),
};
