import type { Hub } from '../../hub/hub.js';
import type { Mutant } from './mutant.js';

export const acknowledgesBeforeAppend: Mutant = {
  name: 'acknowledges-before-append',
  bug: 'a hub says that a message is done as soon as it has it, and writes later',
  foundAt: 1,
  wires: () => ({
    hub: (hub) =>
      Object.create(hub, {
        handle: {
          value: async (message: Parameters<Hub['handle']>[0]) => {
            hub.handle(message).catch(() => {});
            return 'committed';
          },
        },
        // Private parts belong to the hub itself.
        ...ofHub(hub),
      }) as Hub,
  }),
};

const ofHub = (hub: Hub) => ({
  lane: { get: () => hub.lane },
  isFirst: { get: () => hub.isFirst },
  sealer: { get: () => hub.sealer },
  suspects: { get: () => hub.suspects },
});
