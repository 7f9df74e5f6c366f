import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageSchemas } from './message-schemas.js';
import { SCHEMAS_DIR, schemaFiles } from './schema-files.js';

describe('schemas/*.json', () => {
  // Parsed, not as text: the formatter of the repository decides about line breaks.
  test.each([...schemaFiles()])(
    '%s is what the code says; otherwise run write-schemas and the formatter',
    async (file, text) => {
      expect(JSON.parse(await readFile(join(SCHEMAS_DIR, file), 'utf8'))).toEqual(JSON.parse(text));
    },
  );

  test('there is no other', async () => {
    expect((await readdir(SCHEMAS_DIR)).filter((file) => file.endsWith('.json')).sort()).toEqual(
      [...schemaFiles().keys()].sort(),
    );
  });
});

test('a body is either inline or a reference: the schemas say so where the messages do', () => {
  const schemas = messageSchemas();
  const either = Object.keys(schemas).filter((id) => schemas[id]?.oneOf !== undefined);
  expect(either).toEqual(['worker.task', 'results.succeeded']);
});
