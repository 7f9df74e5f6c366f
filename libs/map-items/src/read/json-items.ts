import type { Json } from '@baton/contracts';
import { quoted, unfit } from '../item-failure.js';
import type { ItemLimits } from '../items-env.js';
import { textOf } from './text-of.js';

/** The items of a JSON document: those of an array, or the members of an object, each with its name. */
export async function* jsonItems(
  bytes: AsyncIterable<Uint8Array>,
  pointer: string,
  { jsonBytes }: Pick<ItemLimits, 'jsonBytes'>,
): AsyncGenerator<Json> {
  const parts: string[] = [];
  let size = 0;
  for await (const part of textOf(bytes)) {
    size += part.length;
    if (size > jsonBytes) {
      throw unfit(`JSON is read as a whole, up to ${jsonBytes / 1024 / 1024} MB: write more than that as JSONL.`);
    }
    parts.push(part);
  }
  const found = at(parsed(parts.join(''), 'The JSON'), pointer);
  if (isList(found)) yield* found;
  else if (typeof found === 'object' && found !== null) {
    for (const [Key, Value] of Object.entries(found)) yield { Key, Value };
  } else {
    const where = pointer === '' ? 'The JSON' : `What the JSON has at ${quoted(pointer)}`;
    throw unfit(`${where} is no array, and no object either.`);
  }
}

/** The items of JSONL: each line that is not empty is one. */
export async function* jsonLines(
  bytes: AsyncIterable<Uint8Array>,
  { itemBytes }: Pick<ItemLimits, 'itemBytes'>,
): AsyncGenerator<Json> {
  let line = 0;
  let rest = '';
  const item = (text: string): readonly Json[] => {
    line += 1;
    return text.trim() === '' ? [] : [parsed(text, `Line ${line}`)];
  };
  for await (const part of textOf(bytes)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield* item(text);
    if (rest.length > itemBytes) throw unfit(`Line ${line + 1} has more than ${itemBytes} bytes, the most of an item.`);
  }
  yield* item(rest);
}

function parsed(text: string, named: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw unfit(`${named} is no JSON.`);
  }
}

/** RFC 6901. */
function at(json: Json, pointer: string): Json {
  let found: Json | undefined = json;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isList(found)) found = /^(0|[1-9]\d*)$/.test(name) ? found[Number(name)] : undefined;
    else found = typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? found[name] : undefined;
    if (found === undefined) throw unfit(`The JSON has nothing at ${quoted(pointer)}.`);
  }
  return found ?? null;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
