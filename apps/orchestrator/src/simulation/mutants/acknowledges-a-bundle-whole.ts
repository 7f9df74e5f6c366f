import type { Messaging } from '@baton/messaging';
import type { Mutant } from './mutant.js';

export const acknowledgesABundleWhole: Mutant = {
  name: 'acknowledges-a-bundle-whole',
  bug: 'what of a bundle failed is not put back where the rest of it is done',
  foundAt: 16,
  wires: () => ({
    messaging: (messaging) => ({
      ...messaging,
      publish: async (queue, jobs, options) => {
        // A result that goes into its queue under its own id, from a process that takes results: it came in a bundle.
        if (queue.startsWith('results-') && jobs.some(isDelayed)) return;
        await messaging.publish(queue, jobs, options);
      },
    }),
  }),
};

const isDelayed = ({ delayMs }: Parameters<Messaging['publish']>[1][number]): boolean => delayMs !== undefined;
