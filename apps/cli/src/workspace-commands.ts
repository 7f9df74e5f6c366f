import type { Command } from 'commander';
import { examples, type Run, withPages } from './command-line.js';

/** What several runs work on. */
export function addWorkspaceCommands(program: Command, run: Run): void {
  const group = program
    .command('workspace')
    .description('lines of versions that several runs work on, each by its name');
  const load = () => import('./commands/workspace/lineages.js');
  group
    .command('create <name>')
    .description('make a lineage of the files of a folder')
    .requiredOption('--workspace <dir>', 'the folder, a git repository or not')
    .option('--ref <ref>', 'the files of this commit instead of those in the folder')
    .addHelpText(
      'after',
      examples('workspace create shop --workspace .', 'workspace create shop --workspace . --ref main'),
    )
    .action((name: string, options) => run(async (context) => (await load()).createLineage(context, name, options)));
  withPages(group.command('list').description('list the lineages by name, with what was landed last'), 50)
    .addHelpText('after', examples('workspace list', 'workspace list -o json'))
    .action((options) => run(async (context) => (await load()).listLineages(context, options)));
  group
    .command('show <name>')
    .description('show the head of a lineage, or write its files')
    .option('--out <dir>', 'write the files of the head to this folder, which is new or empty')
    .addHelpText('after', examples('workspace show shop', 'workspace show shop --out shop-now'))
    .action((name: string, options) => run(async (context) => (await load()).showLineage(context, name, options)));
  withPages(
    group.command('log <name>').description('list the versions of a lineage, newest first, and who landed them'),
    20,
  )
    .addHelpText('after', examples('workspace log shop', 'workspace log shop --limit 100 -o jsonl'))
    .action((name: string, options) => run(async (context) => (await load()).showLog(context, name, options)));
}
