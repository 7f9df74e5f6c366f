import { type Command, Option } from 'commander';
import { countOf, examples, type Run } from './command-line.js';
import { parseBudget } from './commands/run-options.js';
import { UsageError } from './exit-codes.js';

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

/** How well models and variants of templates do. */
export function addEvalCommand(program: Command, run: Run): void {
  program
    .command('eval <set>')
    .description('run a set of tasks against models and variants of templates, and check what comes of it')
    .option('--name <name>', 'of the evaluation: the same name goes on where it stopped; default is that of the set')
    .option('--models <a,b>', 'the models to compare; without, what the services are set up with')
    .option('--variants <a,b>', 'those of the variants of the set; all of them without')
    .addOption(new Option('--repeat <n>', 'how often each is done').argParser(countOf('--repeat')).default(1))
    .addOption(
      new Option('--concurrency <n>', 'how many runs at the same time').argParser(countOf('--concurrency')).default(2),
    )
    .addOption(
      new Option('--budget <kind=value,…>', 'for all runs together, such as usd=5').argParser((word: string) =>
        parseBudget(word),
      ),
    )
    .addOption(
      new Option('--min-success <share>', 'end with exit code 5 below this share, 0 to 1').argParser(parseShare),
    )
    .addHelpText(
      'after',
      examples(
        'eval evals/small.yaml',
        'eval evals/small.yaml --models claude-haiku-5-5,claude-sonnet-5-5 --repeat 5 --budget usd=20',
        'eval evals/small.yaml --variants main,brief --min-success 0.8 -o json',
      ),
    )
    .action((set: string, options) =>
      run(async (context) => (await import('./eval/eval.js')).evaluateSet(context, set, options)),
    );
}

function parseShare(word: string): number {
  const share = Number(word);
  if (word.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new UsageError(`--min-success ${word} is not a share.`, 'Give a number from 0 to 1, such as 0.8.');
}
