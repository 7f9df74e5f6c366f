import type { Command } from 'commander';
import { examples, type Run, withPages } from './command-line.js';

export function addArchiveCommands(program: Command, run: Run): void {
  const group = program
    .command('archive')
    .description('runs that ended long ago, and are in files in place of the log');
  const load = () => import('./commands/archive.js');
  withPages(group.command('list'), 50)
    .description('archived runs; `baton run get ID` and any other command about one brings it back')
    .addHelpText('after', examples('archive list', 'archive list -o json'))
    .action((options) => run(async (context) => (await load()).listArchived(context, options)));
  group
    .command('now')
    .description('archive what is due, in place of waiting for the next minute')
    .addHelpText('after', examples('archive now'))
    .action(() => run(async (context) => (await load()).archiveNow(context)));
}
