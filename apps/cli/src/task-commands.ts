import type { Command } from 'commander';
import { examples, type Run } from './command-line.js';

/** What whoever was given the token of a task says of that task. */
export function addTaskCommands(program: Command, run: Run): void {
  const group = program.command('task').description('answer a task by its token, which its worker was given');
  const load = () => import('./commands/task.js');
  group
    .command('succeed <token> [output]')
    .description('the task succeeded; its output as JSON or @FILE. `-` reads the token from the standard input')
    .addHelpText('after', examples(`task succeed btk.… '{"price": 3}'`, 'task succeed - @result.json < token'))
    .action((token: string, output: string | undefined) =>
      run(async (context) => (await load()).succeedTask(context, token, output)),
    );
  group
    .command('fail <token>')
    .description('the task failed')
    .option('--error <name>', 'what its state retries or catches')
    .option('--cause <text>', 'why, in words')
    .addHelpText('after', examples('task fail btk.… --error OutOfStock --cause "none left"'))
    .action((token: string, options) => run(async (context) => (await load()).failTask(context, token, options)));
  group
    .command('heartbeat <token>')
    .description('the task goes on')
    .addHelpText('after', examples('task heartbeat btk.…'))
    .action((token: string) => run(async (context) => (await load()).taskGoesOn(context, token)));
}
