import type { Command } from 'commander';
import { collect, examples, type Run } from './command-line.js';

export function addAuthCommands(program: Command, run: Run): void {
  const group = program
    .command('auth')
    .description('keys of the API')
    .command('key')
    .description('make, list and revoke keys');
  const load = () => import('./commands/auth-key.js');
  group
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>', 'whose it is: the actor of all that is done with it')
    .requiredOption('--role <role>', 'what it may do; may be given several times', collect, [])
    .addHelpText(
      'after',
      examples(
        'auth key create --name ada --role approver',
        'auth key create --name ci --role submitter --role viewer -o json',
      ),
    )
    .action((options) => run(async (context) => (await load()).createKey(context, options)));
  group
    .command('list')
    .description('list the keys, without the keys themselves')
    .addHelpText('after', examples('auth key list'))
    .action(() => run(async (context) => (await load()).listKeys(context)));
  group
    .command('revoke <name>')
    .description('from now on the key of this name is nobody’s')
    .addHelpText('after', examples('auth key revoke ada'))
    .action((name: string) => run(async (context) => (await load()).revokeKey(context, name)));
}
