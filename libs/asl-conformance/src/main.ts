import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Case, KnownFailures } from './case-file.js';
import { isAsExpected, runCases, tableOf } from './report.js';

/*
 * `npm run conformance [-- --cases FILE --json]`: recorded executions through the engine. Ends with 0 where every case
 * passes or is listed as a known failure.
 */

const DATA = new URL('../cases/', import.meta.url);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const cases = z.array(Case).parse(JSON.parse(await readFile(values.cases ?? new URL('cases.json', DATA), 'utf8')));
  const known = KnownFailures.parse(JSON.parse(await readFile(new URL('known-failures.json', DATA), 'utf8')));
  const report = await runCases(cases, known);
  const { passed, failed, byFeature } = report;
  const failures = report.failures.map(({ id, expected, actual }) => ({ id, expected, actual }));
  process.stdout.write(
    `${values.json ? JSON.stringify({ passed, failed, byFeature, failures }, null, 2) : tableOf(report)}\n`,
  );
  return isAsExpected(report) ? 0 : 1;
}

process.exitCode = await main();
