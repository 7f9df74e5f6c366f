import { WebhookEvent } from '@baton/contracts';
import type { Command } from 'commander';
import { collect, examples, type Run } from './command-line.js';

export function addNotificationCommands(program: Command, run: Run): void {
  const group = program.command('notification').description('tell people of approvals, ended runs and budgets');
  const load = () => import('./commands/notification.js');
  const rule = group.command('rule').description('who is told of what, where and when');
  rule
    .command('add <name>')
    .description('have people told from now on, by mail or in a channel')
    .option('--email <address>', 'a mailbox; may be given several times', collect, [])
    .option('--slack <variable>', 'the variable of the orchestrators that holds the URL, such as BATON_NOTIFY_TEAM')
    .option('--events <names>', `separated by commas: ${WebhookEvent.options.join(', ')}`)
    .option('--status <status>', 'of ended runs only those; may be given several times', collect, [])
    .option('--workflow <name>', 'only runs of this workflow; may be given several times', collect, [])
    .option('--label <k=v>', 'only runs with this label; may be given several times', collect, [])
    .option('--quiet <from-to>', 'tell it afterwards, such as 22:00-07:00')
    .option('--quiet-day <weekday>', 'a whole day, such as sunday; may be given several times', collect, [])
    .option('--time-zone <zone>', 'of --quiet, such as Europe/Berlin (default: UTC)')
    .option('--digest <time>', 'tell together what happens within 15m, 1h or 1d')
    .option('--remind <time>', 'ask again while nobody has answered an approval, such as 1h')
    .option('--remind-most <n>', 'no more than so many times (default: 3)')
    .addHelpText(
      'after',
      examples(
        'notification rule add on-call --email ada@team.example --status failed --workflow report',
        'notification rule add approvers --slack BATON_NOTIFY_TEAM --events approval.requested --remind 1h',
        'notification rule add daily --email lead@team.example --digest 1d --quiet 20:00-07:00 --time-zone Europe/Berlin',
      ),
    )
    .action((name: string, options) => run(async (context) => (await load()).addRule(context, name, options)));
  rule
    .command('list')
    .description('list the rules')
    .addHelpText('after', examples('notification rule list', 'notification rule list -o json'))
    .action(() => run(async (context) => (await load()).listRules(context)));
  rule
    .command('show <name>')
    .description('show a rule, and what was told by it')
    .addHelpText('after', examples('notification rule show on-call'))
    .action((name: string) => run(async (context) => (await load()).showRule(context, name)));
  rule
    .command('remove <name>')
    .description('remove a rule, with all that it was still to tell')
    .addHelpText('after', examples('notification rule remove on-call'))
    .action((name: string) => run(async (context) => (await load()).removeRule(context, name)));
  group
    .command('test <rule>')
    .description('have a test sent now; exit code 0 if it was taken')
    .addHelpText('after', examples('notification test on-call'))
    .action((name: string) => run(async (context) => (await load()).testRule(context, name)));
  group
    .command('retry <rule> <message>')
    .description('send a message again')
    .addHelpText('after', examples('notification retry on-call 0f3c9a52-66b1-4c39-9d0e-0d6a3b1f8a11'))
    .action((name: string, id: string) => run(async (context) => (await load()).retryMessage(context, name, id)));
}
