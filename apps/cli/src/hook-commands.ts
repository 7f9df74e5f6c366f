import { type Command, Option } from 'commander';
import { collect, examples, type Run } from './command-line.js';

export function addHookCommands(program: Command, run: Run): void {
  const group = program.command('hook').description('have somebody outside start runs');
  const load = () => import('./commands/hook.js');
  group
    .command('create <name>')
    .description('make an address at which a signed delivery starts a run, in your name')
    .addOption(
      new Option('--verify <how>', 'how the sender proves who it is')
        .choices(['standard', 'github', 'bearer'])
        .default('standard'),
    )
    .requiredOption('--secret <name>', 'its secret is in the variable BATON_HOOK_<name>_SECRET of the gateway')
    .requiredOption('--workflow <name>', 'name or name@version')
    .option('--map <json>', 'what the run is given, as JSON with {% … %} or @FILE; the body itself otherwise')
    .option('--label <k=v>', 'a label of its runs; may be given several times', collect, [])
    .addHelpText(
      'after',
      examples(
        'hook create orders --secret SHOP --workflow fulfil-order',
        `hook create issues --verify github --secret REPO --workflow triage --map '{"title": "{% $states.input.issue.title %}"}'`,
      ),
    )
    .action((name: string, options) => run(async (context) => (await load()).createHook(context, name, options)));
  group
    .command('list')
    .description('list the hooks')
    .addHelpText('after', examples('hook list'))
    .action(() => run(async (context) => (await load()).listHooks(context)));
  group
    .command('delete <name>')
    .description('remove a hook; its runs stay')
    .addHelpText('after', examples('hook delete orders'))
    .action((name: string) => run(async (context) => (await load()).deleteHook(context, name)));
}
