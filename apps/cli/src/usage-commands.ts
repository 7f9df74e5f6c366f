import { type Command, Option } from 'commander';
import { examples, type Run } from './command-line.js';

/** What runs used. */
export function addUsageCommand(program: Command, run: Run): void {
  program
    .command('usage')
    .description('what runs used, added up: cost, tokens, duration, and how they came out')
    .addOption(
      new Option('--by <what>', 'what is added up').choices(['workflow', 'agent', 'model', 'day']).default('workflow'),
    )
    .option('--workflow <name>', 'only runs of this workflow')
    .option('--since <time>', 'only runs that began then or later: a date or a time, such as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only runs that began before')
    .option('--time-zone <name>', 'in which a day is one, such as Europe/Vienna (default: "UTC")')
    .addHelpText('after', examples('usage', 'usage --by agent --since 2026-01-01', 'usage --by day -o json'))
    .action((options) => run(async (context) => (await import('./commands/usage.js')).showUsage(context, options)));
}
