import type { Command } from 'commander';
import { collect, examples, type Run, withPages } from './command-line.js';

export function addAuthCommands(program: Command, run: Run): void {
  const auth = program.command('auth').description('who may use Baton');
  addKeyCommands(auth, run);
  addSessionCommands(auth, run);
  addProducerCommands(auth, run);
  withPages(
    auth.command('log').description('who was refused, and who asked for what of Baton itself, newest first'),
    50,
  )
    .option(
      '--kind <kind>',
      'refused, asked, signed-in, signed-out, session-ended, key-created, key-rotated, key-revoked, producer-created, producer-revoked or access-log-pruned',
    )
    .option('--actor <id>', 'of one actor')
    .option('--verify', 'hash every entry anew instead, and say whether all of it is as it was written')
    .addHelpText('after', examples('auth log --kind refused', 'auth log --actor ada --limit 200', 'auth log --verify'))
    .action((options) => run(async (context) => (await import('./commands/auth-log.js')).authLog(context, options)));
  auth
    .command('link')
    .description('a link that signs you in to the dashboard, once, within ten minutes')
    .addHelpText('after', examples('auth link', 'auth link -o json'))
    .action(() => run(async (context) => (await import('./commands/auth-link.js')).makeLink(context)));
  auth
    .command('whoami')
    .description('who the gateway takes you for, and what you may do')
    .addHelpText('after', examples('auth whoami', 'auth whoami -o json'))
    .action(() => run(async (context) => (await import('./commands/auth-key.js')).whoAmI(context)));
}

function addSessionCommands(auth: Command, run: Run): void {
  const group = auth
    .command('session')
    .description('browsers that are signed in: yours, as an admin those of everybody');
  const load = () => import('./commands/auth-session.js');
  withPages(group.command('list').description('list them, those that began last first'), 50)
    .addHelpText('after', examples('auth session list', 'auth session list -o json'))
    .action((options) => run(async (context) => (await load()).listSessions(context, options)));
  group
    .command('end <id>')
    .description('sign that browser out')
    .addHelpText('after', examples('auth session end 3f2a91c0-5b1e-4f0a-9d67-0c8e8a1c2b3d'))
    .action((id: string) => run(async (context) => (await load()).endSession(context, id)));
}

function addProducerCommands(auth: Command, run: Run): void {
  const group = auth
    .command('producer')
    .description('logins for programs that put requests into intake themselves, as the owner of the database');
  const load = () => import('./commands/auth-producer.js');
  group
    .command('create <name>')
    .description('make a login that can add to intake and do nothing else; it is shown once, with an example')
    .option('--sign', 'with a key, so that its requests prove who it is')
    .addHelpText('after', examples('auth producer create shop', 'auth producer create shop --sign'))
    .action((name: string, options) => run(async (context) => (await load()).createProducer(context, name, options)));
  group
    .command('list')
    .description('list the producers that have a login')
    .addHelpText('after', examples('auth producer list'))
    .action(() => run(async (context) => (await load()).listProducers(context)));
  group
    .command('revoke <name>')
    .description('take the login away, and end what it has open')
    .addHelpText('after', examples('auth producer revoke shop'))
    .action((name: string) => run(async (context) => (await load()).revokeProducer(context, name)));
}

function addKeyCommands(auth: Command, run: Run): void {
  const group = auth.command('key').description('make, list, rotate and revoke keys of the API');
  const load = () => import('./commands/auth-key.js');
  group
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>', 'whose it is: the actor of all that is done with it')
    .requiredOption('--role <role>', 'what it may do; may be given several times', collect, [])
    .option(
      '--scope <scope>',
      'workflow=NAME, label=KEY=VALUE or own: which runs; may be given several times',
      collect,
      [],
    )
    .option('--expires <duration>', 'when it ends, such as 90d or 12h; never without it')
    .option('--for <user>', 'the user whose key it is; otherwise whoever makes it')
    .addHelpText(
      'after',
      examples(
        'auth key create --name ada --role approver',
        'auth key create --name ci --role submitter --scope workflow=seven-step --expires 90d',
        'auth key create --name shop --role submitter --scope own -o json',
      ),
    )
    .action((options) => run(async (context) => (await load()).createKey(context, options)));
  group
    .command('list')
    .description('list the keys, without the keys themselves')
    .addHelpText('after', examples('auth key list'))
    .action(() => run(async (context) => (await load()).listKeys(context)));
  group
    .command('rotate <name>')
    .description('make another key of this name; the one of before goes on for a while')
    .option('--overlap <duration>', 'for how long, such as 24h, or 0 to end it at once', '24h')
    .option('--expires <duration>', 'when the new one ends; otherwise it holds as long as the one of before')
    .addHelpText('after', examples('auth key rotate ci', 'auth key rotate ci --overlap 7d --expires 90d'))
    .action((name: string, options) => run(async (context) => (await load()).rotateKey(context, name, options)));
  group
    .command('revoke <name>')
    .description('from now on the keys of this name are nobody’s')
    .addHelpText('after', examples('auth key revoke ada'))
    .action((name: string) => run(async (context) => (await load()).revokeKey(context, name)));
}
