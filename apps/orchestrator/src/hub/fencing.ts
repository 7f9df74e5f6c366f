import { LaneFenced } from '@baton/event-store';
import type { HubStore } from './hub-store.js';

/** Tells the process when an append shows that its lane has another holder. */
export const fencing = (store: HubStore, onFenced: (error: Error) => void): HubStore => ({
  ...store,
  append: async (dispatchedSeq, items, along) => {
    try {
      return await store.append(dispatchedSeq, items, along);
    } catch (thrown) {
      if (thrown instanceof LaneFenced) onFenced(thrown);
      throw thrown;
    }
  },
});
