/*
 * Stands in for a coding agent: a program that reads a task from a file and changes a folder. Lines of the task that begin with
 * `do:` are its orders, and those that begin with `mend:` only where something is to be mended:
 *
 *   do: write PATH TEXT      TEXT as a JSON string         do: delete PATH
 *   do: note FILE            one line more in that file    do: usage REPORT    REPORT as JSON, printed or to --report
 *   do: child SECONDS        leaves a process behind, in a session of its own
 *   do: hang SECONDS         do: hang-once FILE SECONDS    only where FILE is not there yet
 *   do: env NAME             prints that variable          do: fail CODE
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { 'prompt-file': { type: 'string' }, dir: { type: 'string' }, report: { type: 'string' } },
});
const task = readFileSync(values['prompt-file'] ?? '', 'utf8');
const isMending = task.includes('# What is to be mended');
const dir = values.dir ?? '.';
const hang = (seconds) => spawnSync('sleep', [seconds]);

for (const [, when, name, rest = ''] of task.matchAll(/^(do|mend): (\S+)(?: (.*))?$/gm)) {
  if (when === 'mend' && !isMending) continue;
  const [first = '', ...others] = rest.split(' ');
  const text = others.join(' ');
  switch (name) {
    case 'write':
      mkdirSync(dirname(join(dir, first)), { recursive: true });
      writeFileSync(join(dir, first), JSON.parse(text));
      break;
    case 'delete':
      rmSync(join(dir, first));
      break;
    case 'note':
      appendFileSync(first, 'asked\n');
      break;
    case 'usage':
      if (values.report === undefined) process.stdout.write(`${rest}\n`);
      else writeFileSync(values.report, rest);
      break;
    case 'child':
      spawn('sleep', [first], { detached: true, stdio: 'ignore' }).unref();
      break;
    case 'hang':
      hang(first);
      break;
    case 'hang-once':
      if (existsSync(first)) break;
      writeFileSync(first, '');
      hang(text);
      break;
    case 'env':
      process.stdout.write(`${first}=${process.env[first] ?? 'nothing'}\n`);
      break;
    case 'fail':
      process.stderr.write('I cannot do this.\n');
      process.exit(Number(first));
      break;
    default:
      throw new Error(`there is no order ${name}`);
  }
}
