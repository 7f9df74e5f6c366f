import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '../embedded-postgres/cluster.js';
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';

/*
 * Initialising a database takes longer than everything else that a start does (1 s of the processor, 3 s on a busy disk),
 * so tests initialise one, and copy it: what a start finds is then what the start before it left.
 */

/** Where the processes of a test run find the template. */
const VARIABLE = 'BATON_TEST_POSTGRES_TEMPLATE';
/** What belongs to one server alone. */
const OWN_FILES = ['port', 'postgres.log'];

/**
 * Makes the template that `copyPostgresTemplate` copies from now on, in this process and those it starts; removes it again.
 *
 * @param prepare what is done to the database first, by its URL
 */
export async function makePostgresTemplate(
  prepare: (url: string) => Promise<void> = async () => {},
): Promise<() => void> {
  const template = mkdtempSync(join(tmpdir(), 'baton-postgres-template-'));
  chmodSync(template, 0o755); // Root's Postgres runs as somebody else.
  const postgres = await startEmbeddedPostgres({ dataDir: template, log: () => {} });
  await prepare(postgres.url).finally(() => postgres.stop());
  for (const file of OWN_FILES) rmSync(join(template, file), { force: true });
  process.env[VARIABLE] = template;
  return () => {
    delete process.env[VARIABLE];
    removeEmbeddedPostgres(template);
  };
}

/**
 * Fills a folder for `startEmbeddedPostgres` that does not exist yet, or is empty; does nothing where no template was made.
 *
 * @param isSafe whether what is committed has to outlive a crash of the machine, as it does for users. A test needs it to
 *   outlive a crash of Postgres, which it does without.
 */
export function copyPostgresTemplate(dataDir: string, isSafe = false): void {
  const template = process.env[VARIABLE];
  if (template === undefined || (existsSync(dataDir) && readdirSync(dataDir).length > 0)) return;
  mkdirSync(dataDir, { recursive: true });
  // Half of it is the room for a log that is empty yet: holes in a file, which Linux need not write.
  const options = process.platform === 'linux' ? ['-a', '--sparse=always'] : ['-a'];
  execFileSync('cp', [...options, `${template}/.`, dataDir]);
  if (!isSafe) appendFileSync(join(dataDir, 'data/postgresql.conf'), '\nfsync = off\nfull_page_writes = off\n');
}
