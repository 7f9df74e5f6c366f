/** Says what of AGENTS.md a change has forgotten, one line each; the exit code is 1 then. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const WITHOUT_TESTS = ['index.ts', 'table.ts', 'csv-error.ts'];

const readme = readFileSync('README.md', 'utf8');
const exported = [...readFileSync('src/index.ts', 'utf8').matchAll(/^export \{([^}]*)\}/gm)]
  .flatMap(([, names = '']) => names.split(','))
  .map((name) => name.trim())
  .filter((name) => name !== '');

const forgotten = [
  ...exported
    .filter((name) => !readme.includes(`\`${name}\``))
    .map((name) => `README.md:1: ${name} is exported and not described`),
  ...readdirSync('src')
    .filter((name) => name.endsWith('.ts') && !WITHOUT_TESTS.includes(name))
    .filter((name) => !existsSync(`test/${name.replace('.ts', '.test.ts')}`))
    .map((name) => `src/${name}:1: has no tests in test/${name.replace('.ts', '.test.ts')}`),
];
for (const line of forgotten) console.log(line);
process.exitCode = forgotten.length > 0 ? 1 : 0;
