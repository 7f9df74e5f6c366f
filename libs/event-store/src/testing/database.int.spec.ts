import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from './database.js';

test('a test database says who is still connected when it is dropped, and is dropped', async () => {
  const database = await createTestDatabase(inject('postgresUrl'));
  const forgotten = new Client({ connectionString: database.url, application_name: 'forgotten' });
  forgotten.on('error', () => {
    // Its database goes.
  });
  await forgotten.connect();
  await expect(database.drop()).rejects.toThrow('still connected to a database that is dropped: forgotten');
  await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow('does not exist');
});
