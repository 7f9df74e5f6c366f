import type { Json } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../items-env.js';
import { csvItems } from './csv-items.js';
import { inventoryItems } from './inventory-items.js';
import { jsonItems, jsonLines } from './json-items.js';
import { bounded } from './text-of.js';

/** Bytes in pieces of some size: characters and rows are cut wherever. */
async function* piecesOf(text: string | Buffer, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(items: AsyncIterable<Json>): Promise<readonly Json[]> {
  const found: Json[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const limits = { ...DEFAULT_LIMITS, itemBytes: 200, jsonBytes: 1_024 };
const first = { CSVHeaderLocation: 'FIRST_ROW' } as const;
const csv = (text: string | Buffer, config: Parameters<typeof csvItems>[1] = first) =>
  all(csvItems(piecesOf(text), config, limits));

describe('CSV', () => {
  test.each<[string, string, Parameters<typeof csvItems>[1], readonly Json[]]>([
    [
      'has the names of columns in its first row',
      'a,b\n1,2\n3,4\n',
      first,
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    [
      'has none, and they are given',
      '1\t2',
      { CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'y'], CSVDelimiter: 'TAB' },
      [{ x: '1', y: '2' }],
    ],
    [
      'begins with a mark of byte order',
      '\uFEFFa;b\r\n1;2\r\n',
      { ...first, CSVDelimiter: 'SEMICOLON' },
      [{ a: '1', b: '2' }],
    ],
    [
      'has quotes, with line ends and quotes in them',
      'a|b\n"x|""y""\nz"|ü\n',
      { ...first, CSVDelimiter: 'PIPE' },
      [{ a: 'x|"y"\nz', b: 'ü' }],
    ],
    [
      'has rows that are too short and too long, and empty lines',
      'a,b\n1\n\n1,2,3\n',
      first,
      [
        { a: '1', b: '' },
        { a: '1', b: '2' },
      ],
    ],
    [
      'has columns of strange names',
      '__proto__,constructor\n1,2\n',
      first,
      [JSON.parse('{"__proto__":"1","constructor":"2"}')],
    ],
    ['has nothing but names', 'a,b\n', first, []],
  ])('that %s', async (_, text, config, items) => {
    expect(JSON.stringify(await csv(text, config))).toBe(JSON.stringify(items));
  });

  test.each<[string, string | Buffer, string]>([
    ['a quote that is never closed', 'a,b\n"1,2\n3,4\n', 'quote that is never closed'],
    ['one that goes on and on', `a\n"${'x'.repeat(100_000)}`, 'more than 200 bytes'],
    ['a row without an end', `a\n${'x'.repeat(100_000)}`, 'more than 200 bytes'],
    ['two columns of one name', 'a,a\n1,2\n', 'two columns of the name "a"'],
    ['nothing at all', '', 'no first row'],
    ['bytes that are no text', Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]), 'no text in UTF-8'],
    ['half a character', Buffer.from([0x61, 0x0a, 0xc3]), 'no text in UTF-8'],
  ])('with %s is refused with a sentence', async (_, text, problem) => {
    await expect(csv(text)).rejects.toThrow(problem);
  });

  test('of any texts is read as it was written, however it is cut into pieces', async () => {
    const cell = fc.string({ maxLength: 8, unit: 'grapheme' });
    const table = fc.array(fc.tuple(cell, cell), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 7 }), async (rows, size) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['a,b', ...rows.map((row) => row.map(quote).join(','))].join('\r\n');
        const items = await all(csvItems(piecesOf(text, size), first, limits));
        expect(items).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });
});

describe('JSON', () => {
  const json = (text: string, pointer = '') => all(jsonItems(piecesOf(text), pointer, limits));
  test('is an array, or an object whose members are the items, at the place that is named', async () => {
    expect(await json('[1,{"a":2}]')).toEqual([1, { a: 2 }]);
    expect(await json('{"x":1}')).toEqual([{ Key: 'x', Value: 1 }]);
    expect(await json('{"a/b":[{"~":[7]}]}', '/a~1b/0/~0')).toEqual([7]);
  });
  test.each([
    ['7', '', 'no array'],
    ['{"a":"text"}', '/a', 'What the JSON has at "/a" is no array'],
    ['{"a":[]}', '/b', 'nothing at "/b"'],
    ['[1]', '/constructor', 'nothing at'],
    ['[1', '', 'is no JSON'],
    [`[${'1,'.repeat(1_000)}1]`, '', 'as JSONL'],
  ])('%s at "%s" is refused with a sentence', async (text, pointer, problem) => {
    await expect(json(text, pointer)).rejects.toThrow(problem);
  });
});

describe('JSONL', () => {
  const lines = (text: string) => all(jsonLines(piecesOf(text), limits));
  test('has an item in each line that is not empty', async () => {
    expect(await lines('{"a":1}\r\n\n "ü"\n3')).toEqual([{ a: 1 }, 'ü', 3]);
    expect(await lines('')).toEqual([]);
  });
  test('with a line that is no JSON, or that never ends, is refused with its number', async () => {
    await expect(lines('1\n{')).rejects.toThrow('Line 2 is no JSON.');
    await expect(lines(`1\n"${'x'.repeat(10_000)}`)).rejects.toThrow('Line 2 has more than 200 bytes');
  });
});

test('no more is read than may be', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1;
      yield Buffer.from('"x"\n');
    }
  }
  await expect(all(jsonLines(bounded(endless(), 400), limits))).rejects.toThrow('BATON_ITEMS_MOST_MB');
  expect(read).toBe(101);
});

test('an inventory lists what its files list, and one that is none is refused', async () => {
  const manifest = {
    ...{ destinationBucket: 'arn:aws:s3:::there', fileFormat: 'CSV', fileSchema: 'Bucket, Key, Size' },
    files: [{ key: 'a.csv.gz' }, { key: 'b.csv.gz' }],
  };
  const opened: string[] = [];
  const open = async (bucket: string, key: string) => {
    opened.push(`${bucket}/${key}`);
    return piecesOf(`"x","${key}","7"\n`);
  };
  expect(await all(inventoryItems(piecesOf(JSON.stringify(manifest)), open, limits))).toEqual([
    { Bucket: 'x', Key: 'a.csv.gz', Size: '7' },
    { Bucket: 'x', Key: 'b.csv.gz', Size: '7' },
  ]);
  expect(opened).toEqual(['there/a.csv.gz', 'there/b.csv.gz']);
  await expect(all(inventoryItems(piecesOf('{}'), open, limits))).rejects.toThrow('no manifest');
});
