import { type Command, Option } from 'commander';
import { examples, type Run } from './command-line.js';

export function addWorkflowCommands(program: Command, run: Run): void {
  const group = program.command('workflow').description('see, check, draw and publish workflows');
  const load = () => import('./commands/workflow.js');
  group
    .command('list')
    .description('list the workflows that can be run')
    .addHelpText('after', examples('workflow list', 'workflow list -o json'))
    .action(() => run(async (context) => (await load()).listWorkflows(context)));
  group
    .command('show <name>')
    .description('show a workflow; name@version for another than its newest version')
    .addHelpText('after', examples('workflow show seven-step', 'workflow show seven-step@1.0.0 -o json'))
    .action((name: string) => run(async (context) => (await load()).showWorkflow(context, name)));
  group
    .command('validate <file>')
    .description('check a workflow document in YAML or JSON, with or without a gateway; - for stdin')
    .addHelpText('after', examples('workflow validate my-workflow.yaml', 'workflow validate my-workflow.yaml -o json'))
    .action((file: string) => run(async (context) => (await load()).validateWorkflow(context, file)));
  group
    .command('test <file>')
    .description('run a workflow document, or one state of it, with scripted answers; needs no gateway')
    .option('--state <name>', 'try this state alone')
    .option('--input <json>', 'what the run or the state is given, as JSON or @FILE; default {}')
    .option('--variables <json>', 'variables for the state under test, as JSON or @FILE')
    .option('--context <json>', 'what the context object of that state has beside, as JSON or @FILE')
    .option('--answers <file>', 'what states get from outside, by their names, in YAML or JSON')
    .addHelpText(
      'after',
      examples(
        `workflow test my-workflow.yaml --input '{"text": "Hello"}' --answers answers.yaml`,
        `workflow test my-workflow.yaml --state Draft --variables '{"round": 2}' --answers answers.yaml -o json`,
      ),
    )
    .action((file: string, options) =>
      run(async (context) => (await import('./commands/workflow-test.js')).testWorkflowFile(context, file, options)),
    );
  group
    .command('publish <file>')
    .description('publish a workflow document; a version never changes afterwards')
    .addHelpText(
      'after',
      examples('workflow publish my-workflow.yaml', 'workflow publish - -o json < my-workflow.json'),
    )
    .action((file: string) => run(async (context) => (await load()).publishWorkflow(context, file)));
  group
    .command('withdraw <name>')
    .description('offer a published workflow to nobody any more; name@version for one version')
    .addHelpText('after', examples('workflow withdraw my-workflow@1.0.0', 'workflow withdraw my-workflow -o json'))
    .action((name: string) => run(async (context) => (await load()).withdrawWorkflow(context, name)));
  group
    .command('graph <name|file>')
    .description('draw a workflow by its name, or a document in a file; - for stdin')
    .addOption(
      new Option('--format <format>', 'a list for the terminal, or a Mermaid flowchart')
        .choices(['text', 'mermaid'])
        .default('text'),
    )
    .addHelpText(
      'after',
      examples(
        'workflow graph seven-step',
        'workflow graph my-workflow.yaml',
        'workflow graph seven-step --format mermaid > graph.mmd',
      ),
    )
    .action((name: string, options) => run(async (context) => (await load()).drawWorkflow(context, name, options)));
}
