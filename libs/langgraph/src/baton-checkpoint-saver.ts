import { isDeepStrictEqual } from 'node:util';
import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  compareWritesSortKeys,
  copyCheckpoint,
  maxChannelVersion,
  type PendingWrite,
  type SerializerProtocol,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
} from '@langchain/langgraph-checkpoint';
import { checkpointIn, checkpointOf, configOf, metadataIn, namespaceOf, placeFor, taskOf, threadOf } from './place.js';
import type { CheckpointRecord, CheckpointStore, Place, StoredWrite } from './records.js';
import { type Blobs, keepValue, readValue, type StoredValue } from './stored-value.js';

export interface SaverParts {
  readonly store: CheckpointStore;
  /** Where values go that are large. */
  readonly blobs: Blobs;
  /** Told of each step that was kept. */
  readonly onStep?: (step: { readonly namespace: string; readonly source: string; readonly step: number }) => void;
}

/**
 * Keeps the checkpoints of LangGraph where Baton keeps things: in the journal of a task (`taskCheckpoints`), or in threads of one's
 * own (`openThreads`). A value is kept once for as long as it does not change, in whichever checkpoints it is.
 */
export class BatonCheckpointSaver extends BaseCheckpointSaver {
  readonly #parts: SaverParts;

  constructor(parts: SaverParts, serde?: SerializerProtocol) {
    super(serde);
    this.#parts = parts;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const thread = threadOf(config);
    if (thread === null) return undefined;
    const checkpoint = checkpointOf(config);
    const query = { thread, namespace: namespaceOf(config) ?? '', checkpoint, before: null };
    for await (const record of this.#parts.store.list(query)) return this.#tupleOf(record);
    return undefined;
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { limit = Number.POSITIVE_INFINITY, before, filter = {} } = options;
    const query = {
      thread: threadOf(config),
      namespace: namespaceOf(config),
      checkpoint: checkpointOf(config),
      before: before === undefined ? null : checkpointOf(before),
    };
    let left = limit;
    if (left <= 0) return;
    for await (const record of this.#parts.store.list(query)) {
      const metadata: Readonly<Record<string, unknown>> = { ...metadataIn(await this.#read(record.metadata)) };
      if (!Object.entries(filter).every(([key, value]) => isDeepStrictEqual(metadata[key], value))) continue;
      yield await this.#tupleOf(record);
      left -= 1;
      if (left <= 0) return;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const place = this.#placeFor(config, checkpoint.id);
    const parent = checkpointOf(config);
    // Now, and not after a wait: the graph goes on with its values meanwhile.
    const { channel_values: values, ...head } = copyCheckpoint(checkpoint);
    const changed = Object.keys(newVersions).filter((channel) => Object.hasOwn(values, channel));
    const [keptHead, keptMetadata, ...kept] = await Promise.all([
      this.#keep({ ...head, channel_values: {} }),
      this.#keep(metadata),
      ...changed.map((channel) => this.#keep(values[channel])),
    ]);
    const own = changed.flatMap((channel, n): CheckpointRecord['values'] => {
      const value = kept[n];
      return value === undefined ? [] : [[channel, newVersions[channel] ?? 0, value]];
    });
    const takenOver = await this.#takenOver({ ...place, checkpoint: parent }, checkpoint, newVersions);
    const { source, step } = metadata;
    await this.#parts.store.put({
      ...place,
      ...{ parent, source, step, head: keptHead, metadata: keptMetadata, values: [...own, ...takenOver] },
    });
    this.#parts.onStep?.({ namespace: place.namespace, source, step });
    return configOf(place);
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const place = this.#placeFor(config, checkpointOf(config));
    const kept = await Promise.all(
      writes.map(async ([channel, value], n) => ({
        index: WRITES_IDX_MAP[channel] ?? n,
        channel,
        value: await this.#keep(value),
      })),
    );
    await this.#parts.store.putWrites({ ...place, task: taskOf(taskId), path: taskPath, writes: kept });
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#parts.store.deleteThread(threadId);
  }

  readonly #keep = (value: unknown): Promise<StoredValue> => keepValue(value, this.serde, this.#parts.blobs);
  readonly #read = (stored: StoredValue): Promise<unknown> => readValue(stored, this.serde, this.#parts.blobs);

  /** @throws BatonError `graph-place` where the thread or the checkpoint is not said */
  #placeFor(config: RunnableConfig, checkpoint: string | null): Place {
    return placeFor(threadOf(config), namespaceOf(config) ?? '', checkpoint);
  }

  /** The values of the step before that are those of this one, too: by their versions there, since a fork has versions of its own. */
  async #takenOver(
    { thread, namespace, checkpoint: parent }: Omit<Place, 'checkpoint'> & { readonly checkpoint: string | null },
    { channel_versions: versions }: Checkpoint,
    newVersions: ChannelVersions,
  ): Promise<CheckpointRecord['values']> {
    if (parent === null) return [];
    for await (const before of this.#parts.store.list({ thread, namespace, checkpoint: parent, before: null }))
      return before.values.filter(
        ([channel, version]) => !Object.hasOwn(newVersions, channel) && versions[channel] === version,
      );
    return [];
  }

  async #tupleOf(record: CheckpointRecord): Promise<CheckpointTuple> {
    const place = { thread: record.thread, namespace: record.namespace };
    const [head, metadata, pendingWrites, ...values] = await Promise.all([
      this.#read(record.head),
      this.#read(record.metadata),
      this.#writesOf(record),
      ...record.values.map(async ([channel, , stored]) => [channel, await this.#read(stored)] as const),
    ]);
    const checkpoint: Checkpoint = { ...checkpointIn(head), channel_values: Object.fromEntries(values) };
    if (checkpoint.v < 4 && record.parent !== null)
      await this.#moveSends(checkpoint, { ...place, checkpoint: record.parent });
    return {
      config: configOf(record),
      checkpoint,
      metadata: metadataIn(metadata),
      pendingWrites,
      ...(record.parent === null ? {} : { parentConfig: configOf({ ...place, checkpoint: record.parent }) }),
    };
  }

  async #writesOf(place: Place): Promise<[string, string, unknown][]> {
    const writes = [...(await this.#parts.store.writesOf(place))].sort((a, b) =>
      compareWritesSortKeys(sortKeyOf(a), sortKeyOf(b)),
    );
    return Promise.all(
      writes.map(
        async ({ task, channel, value }): Promise<[string, string, unknown]> => [
          task,
          channel,
          await this.#read(value),
        ],
      ),
    );
  }

  /** Before the fourth version of the format, what a step had sent to others stood with the checkpoint before it. */
  async #moveSends(checkpoint: Checkpoint, parent: Place): Promise<void> {
    const sends = (await this.#writesOf(parent)).filter(([, channel]) => channel === TASKS);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = sends.map(([, , value]) => value);
    checkpoint.channel_versions[TASKS] =
      versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
  }
}

const sortKeyOf = ({ path, task, index }: StoredWrite) => writesSortKey(path, task, index);
