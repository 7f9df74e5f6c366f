import type { Command } from 'commander';
import { examples, type Run } from './command-line.js';

/** What models are asked with, and were. */
export function addTemplateCommands(program: Command, run: Run): void {
  const group = program
    .command('template')
    .description('see what models are asked with, in all its variants and versions');
  const load = () => import('./commands/template.js');
  group
    .command('list')
    .description('list the templates that the services work with, and the files that cannot be used')
    .addHelpText('after', examples('template list', 'template list -o json'))
    .action(() => run(async (context) => (await load()).listTemplates(context)));
  group
    .command('show <name>')
    .description('print the exact text of a template; name@hash for one that a past task was asked with')
    .option('--variant <name>', 'this variant, instead of main')
    .option('--versions', 'list every text that a service ever worked with, instead')
    .addHelpText(
      'after',
      examples(
        'template show step2_plan_validator_prompt_template',
        'template show step2_plan_validator_prompt_template@3f2a91c0 > what-it-said.md',
        'template show support_mood --versions',
      ),
    )
    .action((name: string, options) => run(async (context) => (await load()).showTemplate(context, name, options)));
  group
    .command('diff <name> [a] [b]')
    .description(
      'compare two texts of a template, each a variant or the beginning of a hash; what is in use where not given',
    )
    .addHelpText(
      'after',
      examples(
        'template diff step2_plan_validator_prompt_template',
        'template diff step2_plan_validator_prompt_template main strict',
        'template diff step2_plan_validator_prompt_template 3f2a91c0 77de01aa -o json',
      ),
    )
    .action((name: string, a: string | undefined, b: string | undefined) =>
      run(async (context) => (await load()).diffTemplate(context, name, a, b)),
    );
}
