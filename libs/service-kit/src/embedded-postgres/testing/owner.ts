// A process that owns an embedded Postgres, for tests that kill owners. Tells what happens as one JSON line each.
import { BatonError } from '@baton/contracts';
import { startEmbeddedPostgres } from '../embedded-postgres.js';

const tell = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

try {
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: () => {} });
  process.once('SIGTERM', () => void postgres.stop());
  tell({ type: 'ready', url: postgres.url, pid: postgres.pid });
  tell({ type: 'exited', ...(await postgres.exited) });
} catch (thrown) {
  tell(
    thrown instanceof BatonError ? { type: 'refused', code: thrown.code } : { type: 'broken', error: String(thrown) },
  );
}
