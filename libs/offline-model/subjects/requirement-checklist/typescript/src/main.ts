/** The command: see README.md. */
import process from 'node:process';
import { run } from './cli.ts';

const outcome = run(process.argv.slice(2));
process.stdout.write(outcome.stdout);
process.stderr.write(outcome.stderr);
process.exitCode = outcome.exitCode;
