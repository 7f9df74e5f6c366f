import {
  deleteGraphThread,
  type GraphPlace,
  graphCheckpoints,
  graphWrites,
  putGraphCheckpoint,
  putGraphWrites,
} from '@baton/event-store';
import { CheckpointRecord, type CheckpointStore } from './records.js';
import { type Blobs, packed, StoredValue, unpacked } from './stored-value.js';

type Pool = Parameters<typeof graphWrites>[0];

const PAGE = 50;

/** Threads in the database, of one space: for graphs that are no task, or that go on over several. */
export function threadStore(pool: Pool, space: string, blobs: Blobs): CheckpointStore {
  return {
    put: async (record) => putGraphCheckpoint(pool, { space, ...placeOf(record) }, await packed(record, blobs)),
    putWrites: ({ writes, task, path, ...place }) => putGraphWrites(pool, { space, ...place }, { task, path }, writes),
    list: async function* (query) {
      let after: Omit<GraphPlace, 'space'> | null = null;
      // Whoever looks for one goes no further.
      let most = 1;
      for (;;) {
        const page = await graphCheckpoints(pool, { space, ...query }, { after, most });
        for (const { body } of page) yield CheckpointRecord.parse(await unpacked(body, blobs));
        const last = page.at(-1);
        if (last === undefined || page.length < most) return;
        most = PAGE;
        after = placeOf(last);
      }
    },
    writesOf: async (place) =>
      (await graphWrites(pool, { space, ...place })).map((write) => ({
        ...write,
        value: StoredValue.parse(write.value),
      })),
    deleteThread: (thread) => deleteGraphThread(pool, space, thread),
  };
}

const placeOf = ({ thread, namespace, checkpoint }: Omit<GraphPlace, 'space'>): Omit<GraphPlace, 'space'> => ({
  thread,
  namespace,
  checkpoint,
});
