import type { Messaging } from '@baton/messaging';
import type { Mutant } from './mutant.js';

export const callsTheQueuesWholeTooEarly: Mutant = {
  name: 'calls-the-queues-whole-too-early',
  bug: 'the marker of wiped queues says that they are whole before all was sent again, and no sweep looks after them',
  foundAt: 6,
  wires: () => ({
    answer: (name, values, next) => (name === 'outstanding-commands-of-age' ? [] : next(values)),
    messaging: (messaging) => ({ ...messaging, backend: { ...messaging.backend, writeEpoch: ready(messaging) } }),
  }),
};

const ready =
  ({ backend }: Messaging) =>
  () =>
    backend.writeEpoch('ready');
