import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.js';
import { parseDefinition } from './parse-definition.js';

const READ = 'arn:aws:states:::s3:getObject';
const processor = { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } };
const mapOf = (over: JsonObject, QueryLanguage = 'JSONPath'): JsonObject => ({
  QueryLanguage,
  StartAt: 'A',
  States: { A: { Type: 'Map', ItemProcessor: processor, End: true, ...over } },
});
const findingsOf = (definition: JsonObject): readonly string[] =>
  parseDefinition(definition).findings.map(
    ({ severity, code, pointer }) => `${severity} ${code} ${pointer.replace('/States/A', '')}`,
  );
const reading = (ReaderConfig: JsonObject, over: JsonObject = {}): JsonObject => ({
  ItemReader: { Resource: READ, ReaderConfig, Parameters: { Bucket: 'b', 'Key.$': '$.key' }, ...over },
});
const csv = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };

describe('an ItemReader', () => {
  test.each<[string, JsonObject]>([
    ['CSV', reading({ ...csv, CSVDelimiter: 'SEMICOLON', MaxItems: 10 })],
    ['CSV with given headers', reading({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'] })],
    ['JSON with a pointer', reading({ InputType: 'JSON', ItemsPointer: '/data/ro~1ws/0', MaxItemsPath: '$.most' })],
    ['lines of JSON', reading({ InputType: 'JSONL' })],
    ['an inventory', reading({ InputType: 'MANIFEST' })],
    [
      'a listing, which has no type',
      { ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b', Prefix: 'p/' } } },
    ],
  ])('may read %s', (_, over) => {
    expect(findingsOf(mapOf(over))).toEqual([]);
  });

  test('has Arguments in JSONata, where MaxItems may be an expression', () => {
    const ItemReader = {
      Resource: READ,
      Arguments: { Bucket: 'b', Key: '{% $states.input.key %}' },
      ReaderConfig: { InputType: 'JSON', MaxItems: '{% $states.input.most %}' },
    };
    expect(findingsOf(mapOf({ ItemReader }, 'JSONata'))).toEqual([]);
    const wrong = { ...ItemReader, Parameters: {}, ReaderConfig: { InputType: 'JSON', MaxItemsPath: '$.most' } };
    expect(findingsOf(mapOf({ ItemReader: wrong }, 'JSONata'))).toEqual([
      'error schema /ItemReader/Parameters',
      'error schema /ItemReader/ReaderConfig/MaxItemsPath',
    ]);
  });

  test.each<[string, JsonObject, readonly string[]]>([
    ['is no object', { ItemReader: 'x' }, ['error schema /ItemReader']],
    ['has no Resource', { ItemReader: { ReaderConfig: csv } }, ['error schema /ItemReader']],
    ['says no type', reading({}), ['error schema /ItemReader/ReaderConfig']],
    ['says an unknown type', reading({ InputType: 'XML' }), ['error schema /ItemReader/ReaderConfig/InputType']],
    [
      'wants a type that is not read here',
      reading({ InputType: 'PARQUET' }),
      ['error not-supported /ItemReader/ReaderConfig/InputType'],
    ],
    ['says nothing of headers', reading({ InputType: 'CSV' }), ['error schema /ItemReader/ReaderConfig']],
    [
      'gives headers that stand in the first row',
      reading({ ...csv, CSVHeaders: ['a'] }),
      ['error schema /ItemReader/ReaderConfig/CSVHeaders'],
    ],
    [
      'gives no headers',
      reading({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }),
      ['error schema /ItemReader/ReaderConfig'],
    ],
    [
      'gives a header twice',
      reading({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'a'] }),
      ['error schema /ItemReader/ReaderConfig/CSVHeaders'],
    ],
    [
      'has what is for CSV with JSON',
      reading({ InputType: 'JSON', CSVDelimiter: 'TAB' }),
      ['error schema /ItemReader/ReaderConfig/CSVDelimiter'],
    ],
    [
      'has another delimiter',
      reading({ ...csv, CSVDelimiter: ',' }),
      ['error schema /ItemReader/ReaderConfig/CSVDelimiter'],
    ],
    [
      'points with CSV, and not with a pointer',
      reading({ ...csv, ItemsPointer: 'rows' }),
      ['error schema /ItemReader/ReaderConfig/ItemsPointer', 'error schema /ItemReader/ReaderConfig/ItemsPointer'],
    ],
    [
      'has two numbers of items',
      reading({ ...csv, MaxItems: 0, MaxItemsPath: '$.n' }),
      ['error schema /ItemReader/ReaderConfig/MaxItems', 'error schema /ItemReader/ReaderConfig/MaxItemsPath'],
    ],
    [
      'has unknown fields',
      reading({ ...csv, Extra: 1 }, { More: 1 }),
      ['error schema /ItemReader/More', 'error schema /ItemReader/ReaderConfig/Extra'],
    ],
    [
      'has a path that is none',
      reading(csv, { Parameters: { 'Key.$': 'key' } }),
      ['error bad-path /ItemReader/Parameters/Key.$'],
    ],
    ['stands beside a path to items', { ...reading(csv), ItemsPath: '$.items' }, ['warning schema /ItemsPath']],
  ])('that %s is told where', (_, over, findings) => {
    expect(findingsOf(mapOf(over))).toEqual(findings);
  });

  test('and Items are one too many', () => {
    const ItemReader = { Resource: READ, ReaderConfig: { InputType: 'JSON' } };
    expect(findingsOf(mapOf({ Items: [1], ItemReader }, 'JSONata'))).toEqual(['error schema /Items']);
  });
});

describe('a ResultWriter', () => {
  const Resource = 'arn:aws:states:::s3:putObject';
  test.each<[string, JsonObject]>([
    ['somewhere', { Resource, Parameters: { Bucket: 'b', Prefix: 'p' } }],
    ['in another form', { Resource, WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSONL' } }],
    ['nowhere, in another form', { WriterConfig: { Transformation: 'FLATTEN' } }],
  ])('may write %s', (_, ResultWriter) => {
    expect(findingsOf(mapOf({ ResultWriter }))).toEqual([]);
  });

  test.each<[string, JsonObject, string]>([
    ['says nothing', {}, 'error schema /ResultWriter'],
    ['gives parameters to nothing', { WriterConfig: {}, Parameters: {} }, 'error schema /ResultWriter/Parameters'],
    [
      'knows another form',
      { Resource, WriterConfig: { Transformation: 'ZIP' } },
      'error schema /ResultWriter/WriterConfig/Transformation',
    ],
    [
      'writes lines nowhere',
      { WriterConfig: { OutputType: 'JSONL' } },
      'error schema /ResultWriter/WriterConfig/OutputType',
    ],
    ['has unknown fields', { Resource, ReaderConfig: {} }, 'error schema /ResultWriter/ReaderConfig'],
  ])('that %s is told where', (_, ResultWriter, finding) => {
    expect(findingsOf(mapOf({ ResultWriter }))).toEqual([finding]);
  });
});

test('the caller says which resources there are to read from and to write to', () => {
  const map = mapOf({ ...reading(csv), ResultWriter: { Resource: 'x:y' } });
  const { findings } = parseDefinition(map, { checkItemResource: (resource, of) => `no ${resource} for ${of}` });
  expect(findings.map(({ code, message }) => [code, message])).toEqual([
    ['unknown-resource', `${READ}: no ${READ} for ItemReader`],
    ['unknown-resource', 'x:y: no x:y for ResultWriter'],
  ]);
});
