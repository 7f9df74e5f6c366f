import { deepCost, type Json } from '@baton/asl';

/*
 * JSON.stringify does not yield: ten megabytes of small values are a tenth of a second. A large value is written part by
 * part, and the event loop has its turn in between.
 */

/** About a millisecond of writing. */
const SMALL = 500;
const AT_A_STRETCH = 5_000;

/** A value as JSON. */
export async function written(value: Json): Promise<string> {
  const writer: Writer = { text: '', sinceRest: 0 };
  await write(value, writer);
  return writer.text;
}

interface Writer {
  text: string;
  sinceRest: number;
}

async function write(value: Json, writer: Writer): Promise<void> {
  const cost = deepCost(value, SMALL);
  writer.sinceRest += cost + 1;
  if (writer.sinceRest > AT_A_STRETCH) {
    writer.sinceRest = 0;
    await new Promise(setImmediate);
  }
  if (cost <= SMALL || typeof value !== 'object' || value === null) {
    writer.text += JSON.stringify(value);
    return;
  }
  const isList = Array.isArray(value);
  let separator = isList ? '[' : '{';
  for (const [name, item] of Object.entries(value)) {
    writer.text += isList ? separator : `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    await write(item, writer);
  }
  writer.text += isList ? ']' : '}';
}
