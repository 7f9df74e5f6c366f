import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file with secrets, for the time of a test. @returns its path */
export function secretsFile(secrets: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secrets.json');
  writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
  return path;
}
