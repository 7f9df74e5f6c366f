import type { JsonObject } from './json.js';
import type { QueryLanguage } from './machine.js';

/* What stands in an ItemReader and a ResultWriter, for whoever writes one. `check-item-reader.ts` has the last word. */

const given = (language: QueryLanguage, description: string): JsonObject => ({
  [language === 'JSONata' ? 'Arguments' : 'Parameters']: { description },
});

const connection = (language: QueryLanguage, description: string, properties: JsonObject): JsonObject => ({
  type: 'object',
  description,
  properties: {
    ...properties,
    ...given(language, 'Which one: Bucket and Key, Prefix; Tree and Path in a workspace; Sha256 of a blob.'),
  },
  additionalProperties: false,
});

export const itemReaderSchema = (language: QueryLanguage): JsonObject => ({
  ...connection(language, 'From where the items are read.', {
    Resource: {
      type: 'string',
      description: 'What is read.',
      examples: ['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2', 'baton:workspace', 'baton:blob'],
    },
    ReaderConfig: {
      type: 'object',
      description: 'How what is read becomes items.',
      properties: {
        InputType: { enum: ['CSV', 'JSON', 'JSONL', 'MANIFEST'], description: 'What it is written in.' },
        MaxItems: { description: 'The most items that are taken.', examples: [100] },
        ...(language === 'JSONPath' ? { MaxItemsPath: { description: 'Where in the input that number stands.' } } : {}),
        CSVHeaderLocation: { enum: ['FIRST_ROW', 'GIVEN'], description: 'Where the names of the columns are.' },
        CSVHeaders: { type: 'array', items: { type: 'string' }, description: 'The names of the columns.' },
        CSVDelimiter: {
          enum: ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'],
          default: 'COMMA',
          description: 'What stands between two columns.',
        },
        ItemsPointer: { type: 'string', description: 'Where in the JSON the items are.', examples: ['/data/rows'] },
        ManifestType: { const: 'S3_INVENTORY', description: 'What kind of manifest it is.' },
        Transformation: { const: 'NONE', description: 'What is done with the objects of a listing: nothing.' },
      },
      additionalProperties: false,
    },
  }),
  required: ['Resource'],
});

export const resultWriterSchema = (language: QueryLanguage): JsonObject =>
  connection(language, 'Where the results are written; the state then gives where they are.', {
    Resource: {
      type: 'string',
      description: 'What is written to.',
      examples: ['arn:aws:states:::s3:putObject', 'baton:blob'],
    },
    WriterConfig: {
      type: 'object',
      description: 'How the results are written.',
      properties: {
        Transformation: {
          enum: ['NONE', 'COMPACT', 'FLATTEN'],
          default: 'NONE',
          description: 'With what is known of each item; outputs alone; outputs that are lists, as one.',
        },
        OutputType: { enum: ['JSON', 'JSONL'], default: 'JSON', description: 'What they are written in.' },
      },
      additionalProperties: false,
    },
  });
