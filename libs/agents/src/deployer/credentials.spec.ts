import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { masking, readCredentials } from './credentials.js';

describe('what the operator keeps for deployments', () => {
  it('is named, or stands in a file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'baton-credentials-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, 'deploy.env'), '# for the site\nKEY=from file\nOTHER="two words"\n');
    expect([...(await readCredentials('KEY,OTHER', { KEY: 'k', OTHER: 'o', MORE: 'm' }))]).toEqual([
      ['KEY', 'k'],
      ['OTHER', 'o'],
    ]);
    expect([...(await readCredentials(join(dir, 'deploy.env'), {}))]).toEqual([
      ['KEY', 'from file'],
      ['OTHER', 'two words'],
    ]);
    expect(await readCredentials(undefined, { KEY: 'k' })).toEqual(new Map());
  });

  it.each([
    ['KEY,MISSING', 'names MISSING, which the environment of the deployer does not have'],
    ['/no/such/file', 'is the path of a file that cannot be read (ENOENT)'],
  ])('stops the start where %s is not there', async (setting, problem) => {
    await expect(readCredentials(setting, { KEY: 'k' })).rejects.toThrow(problem);
  });
});

test('values are taken out of what a command prints, in the forms in which they are sent, and short words are not', () => {
  const mask = masking(
    new Map([
      ['KEY', 's3cret/value'],
      ['ON', 'yes'],
    ]),
  );
  const text = `key s3cret/value, ${Buffer.from('s3cret/value').toString('base64')}, s3cret%2Fvalue; yes`;
  expect(mask(text)).toBe('key [KEY], [KEY], [KEY]; yes');
  const key = masking(new Map([['PEM', '-----BEGIN-----\nAAAABBBB\n-----END-----']]));
  expect(key('line AAAABBBB')).toBe('line [PEM]');
});
