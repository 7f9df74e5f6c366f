import type { Messaging } from '@baton/messaging';
import type { Mutant } from './mutant.js';

export const acknowledgesABundleWhole: Mutant = {
  name: 'acknowledges-a-bundle-whole',
  bug: 'what of a bundle failed is not put back where the rest of it is done',
  foundAt: 221,
  wires: () => ({
    messaging: (messaging) => ({
      ...messaging,
      publish: async (queue, jobs, options) => {
        // Nothing but a part of a bundle goes into a queue of results with a wait.
        if (queue.startsWith('results-') && jobs.some(isDelayed)) return;
        await messaging.publish(queue, jobs, options);
      },
    }),
  }),
};

const isDelayed = ({ delayMs }: Parameters<Messaging['publish']>[1][number]): boolean => delayMs !== undefined;
