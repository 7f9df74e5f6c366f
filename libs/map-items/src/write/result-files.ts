import type { Json, JsonObject } from '@baton/contracts';
import type { BlobStore } from '@baton/workspace';
import type { WriterConfig, WriteTask } from '../items-task.js';
import { itemsOf } from '../read/keep-pages.js';

export interface ResultFile {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * The files with the results of a Map: those that succeeded, as the config says, and those that failed, with what is known of
 * each. The same results give the same files.
 */
export async function resultFiles(task: WriteTask, blobs: BlobStore): Promise<readonly ResultFile[]> {
  const { succeeded, failed, config } = task;
  const isWhole = config.Transformation === 'NONE';
  const wanted = new Set([...(isWhole ? succeeded.map(({ index }) => index) : []), ...failed]);
  const inputs = await inputsOf(task.items, wanted, blobs);
  const record = (index: number, more: JsonObject): JsonObject => {
    const input = inputs.get(index);
    return { Name: String(index), ...(input === undefined ? {} : { Input: input, InputDetails: INCLUDED }), ...more };
  };
  const outputs = succeeded.map(({ output }) => output);
  const ofSucceeded: Readonly<Record<WriterConfig['Transformation'], () => readonly Json[]>> = {
    NONE: () =>
      succeeded.map(({ index, output }) =>
        record(index, { Output: JSON.stringify(output), OutputDetails: INCLUDED, Status: 'SUCCEEDED' }),
      ),
    COMPACT: () => outputs,
    FLATTEN: () => outputs.flat(),
  };
  return [
    ...(succeeded.length === 0 ? [] : [file('SUCCEEDED', ofSucceeded[config.Transformation](), config)]),
    ...(failed.length === 0
      ? []
      : [
          file(
            'FAILED',
            failed.map((index) => record(index, { Status: 'FAILED' })),
            config,
          ),
        ]),
  ];
}

const INCLUDED = { Included: true };

function file(status: ResultFile['status'], values: readonly Json[], { OutputType }: WriterConfig): ResultFile {
  const text =
    OutputType === 'JSON' ? JSON.stringify(values) : values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return { status, name: `${status}_0.${OutputType === 'JSON' ? 'json' : 'jsonl'}`, bytes: Buffer.from(text) };
}

/** Items as they were read, as the texts that the language has for them. */
async function inputsOf(
  list: string | undefined,
  wanted: ReadonlySet<number>,
  blobs: BlobStore,
): Promise<ReadonlyMap<number, string>> {
  const inputs = new Map<number, string>();
  if (list === undefined || wanted.size === 0) return inputs;
  let index = 0;
  for await (const item of itemsOf(blobs, list)) {
    if (wanted.has(index)) inputs.set(index, JSON.stringify(item));
    index += 1;
  }
  return inputs;
}
