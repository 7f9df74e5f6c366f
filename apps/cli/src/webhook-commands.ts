import { WebhookEvent } from '@baton/contracts';
import type { Command } from 'commander';
import { collect, examples, type Run, withPages } from './command-line.js';

export function addWebhookCommands(program: Command, run: Run): void {
  const group = program.command('webhook').description('tell other systems of approvals, ended runs and budgets');
  const load = () => import('./commands/webhook.js');
  group
    .command('add <url>')
    .description('send signed notifications to a URL from now on')
    .option('--events <names>', `only these, separated by commas: ${WebhookEvent.options.join(', ')}`)
    .option('--workflow <name>', 'only runs of this workflow; may be given several times', collect, [])
    .option('--label <k=v>', 'only runs with this label; may be given several times', collect, [])
    .option('--secret <whsec>', 'sign with this instead of a new one; - for stdin')
    .addHelpText(
      'after',
      examples(
        'webhook add https://hooks.example/baton',
        'webhook add https://hooks.example/x --events run.finished --workflow report --label team=red',
      ),
    )
    .action((url: string, options) => run(async (context) => (await load()).addWebhook(context, url, options)));
  group
    .command('list')
    .description('list the webhooks')
    .addHelpText('after', examples('webhook list', 'webhook list -o json'))
    .action(() => run(async (context) => (await load()).listWebhooks(context)));
  group
    .command('remove <id>')
    .description('send nothing more to a webhook, and forget it; the beginning of its id is enough')
    .addHelpText('after', examples('webhook remove 7c1d02aa'))
    .action((id: string) => run(async (context) => (await load()).removeWebhook(context, id)));
  withPages(group.command('deliveries <id>').description('list what was sent, newest first, and what came back'), 20)
    .addHelpText('after', examples('webhook deliveries 7c1d02aa', 'webhook deliveries 7c1d02aa -o jsonl'))
    .action((id: string, options) => run(async (context) => (await load()).listDeliveries(context, id, options)));
  group
    .command('test <id>')
    .description('send a test now; exit code 0 if it was taken')
    .addHelpText('after', examples('webhook test 7c1d02aa'))
    .action((id: string) => run(async (context) => (await load()).testWebhook(context, id)));
  group
    .command('retry <id> <delivery>')
    .description('send a notification again, under the same webhook-id')
    .addHelpText('after', examples('webhook retry 7c1d02aa 0f3c9a52-66b1-4c39-9d0e-0d6a3b1f8a11'))
    .action((id: string, delivery: string) =>
      run(async (context) => (await load()).retryDelivery(context, id, delivery)),
    );
}
