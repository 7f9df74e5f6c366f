import { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { journalStore } from './journal-store.js';
import { describeConformance } from './testing/conformance.js';
import { blobsInMemory, journalInMemory } from './testing/journal-in-memory.js';

describeConformance({
  checkpointerName: 'the journal of a task',
  createCheckpointer: () => {
    const blobs = blobsInMemory();
    return new BatonCheckpointSaver({ store: journalStore(journalInMemory(), blobs), blobs });
  },
});
