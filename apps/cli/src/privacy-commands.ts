import type { Command } from 'commander';
import { examples, type Run } from './command-line.js';

export function addPrivacyCommands(program: Command, run: Run): void {
  const group = program.command('privacy').description('whose data runs hold, and how nobody can read them any more');
  const load = () => import('./commands/privacy.js');
  group
    .command('show <subject>')
    .description('the runs that hold something of a person, under seal')
    .addHelpText('after', examples('privacy show customer-17'))
    .action((subject: string) => run(async (context) => (await load()).showSubject(context, subject)));
  group
    .command('erase <subject>')
    .description('destroy the key of a person: what runs hold of it can never be read again')
    .requiredOption('--reason <text>', 'why; it stays on record')
    .requiredOption('--yes', 'it cannot be undone')
    .addHelpText('after', examples("privacy erase customer-17 --reason 'asked to, ticket 812' --yes"))
    .action((subject: string, options) =>
      run(async (context) => (await load()).eraseSubject(context, subject, options)),
    );
  group
    .command('log')
    .description('what was erased, when, by whom and why')
    .addHelpText('after', examples('privacy log', 'privacy log -o json'))
    .action(() => run(async (context) => (await load()).listErasures(context)));
}
