import { Command, Option } from 'commander';
import { asCalled } from './call-name.js';
import { type Action, collect, count, examples, type Run, withWatchOptions } from './command-line.js';
import { addDecisionCommands } from './decision-commands.js';
import type { Format, Io } from './output.js';
import { addApprovalCommands, addSteeringCommands } from './steering-commands.js';
import { addStoryCommands } from './story-commands.js';
import { addWebhookCommands } from './webhook-commands.js';

export interface ProgramPorts {
  readonly io: Io;
  readonly version: string;
  /** Runs a command; what it throws goes to whoever parses the command line. */
  run(format: Format, action: Action): Promise<void>;
}

const EXIT_CODES = `
Exit codes:
  0 ok   1 error   2 usage   3 not found   4 not allowed   5 run failed   6 run cancelled or rejected
  7 wait timed out   8 waiting for approval   9 verification mismatch   130 interrupted

Environment:
  BATON_URL, BATON_TOKEN   the gateway; without them what \`baton up\` wrote to .baton/env
  BATON_HOME               data of the local stack, default .baton
  NO_COLOR                 no colours
`;

/** The command line: names, options and help. What a command does is loaded when it is called. */
export function buildProgram(ports: ProgramPorts): Command {
  const { io } = ports;
  const program = new Command('baton')
    .description('Agentic workflows on a deterministic skeleton: run them, follow them, replay and verify them.')
    .version(ports.version, '-V, --version')
    .addOption(
      new Option('-o, --output <format>', 'how data is written to stdout')
        .choices(['table', 'json', 'jsonl'])
        .default('table'),
    )
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => io.out.write(asCalled(text, io.callName)),
      writeErr: (text) => io.err.write(text),
      // Errors are written in one place, in the format that was asked for.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(io.out.columns, 110),
      getErrHelpWidth: () => Math.min(io.err.columns, 110),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES);

  const run = (action: Action): Promise<void> => ports.run(program.opts<{ output: Format }>().output, action);
  addStackCommands(program, run);
  addRunCommands(program, run);
  addApprovalCommands(program, run);
  addDecisionCommands(program, run);
  addLogCommands(program, run);
  addWorkflowCommands(program, run);
  addWebhookCommands(program, run);
  addListCommands(program, run);
  return program;
}

function addStackCommands(program: Command, run: Run): void {
  program
    .command('up')
    .description('start the whole stack on this machine and keep it running')
    .option('--only <services>', 'start only these, separated by commas')
    .option('--json-logs', 'write the log lines of all services to stdout as JSON')
    .addHelpText('after', examples('up', 'up --only gateway,orchestrator', 'up --json-logs > baton.log'))
    .action((options) => run(async (context) => (await import('./up/up.js')).up(context, options)));
  program
    .command('demo')
    .description('start everything, run one workflow on real input, show it, verify the log, stop')
    .option('--requirements <file>', 'a text of your own instead of the example; - for stdin')
    .option('--workflow <name>', 'another workflow than seven-step')
    .option('--input <file>', 'the whole input of the run as a JSON file')
    .option('--out <dir>', 'where the deliverable goes; default out/<workflow>-<id>/')
    .option('--json', 'write one JSON object to stdout at the end')
    .addHelpText('after', examples('demo', 'demo --requirements my-idea.md --out build', 'demo --json > result.json'))
    .action((options) => run(async (context) => (await import('./demo/demo.js')).demo(context, options)));
  program
    .command('doctor')
    .description('check what Baton needs on this machine, and say what to do')
    .addHelpText('after', examples('doctor', 'doctor -o json'))
    .action(() => run(async (context) => (await import('./doctor/doctor.js')).doctor(context)));
}

function addRunCommands(program: Command, run: Run): void {
  const group = program.command('run').description('submit, follow and steer runs');
  const load = () => import('./commands/run.js');
  withWatchOptions(
    group
      .command('submit')
      .description('submit a run')
      .option('--workflow <name>', 'name or name@version', 'seven-step')
      .option('--requirements <file>', 'what is to be built, as a text file; - for stdin')
      .option('--input <json>', 'the whole input as JSON, or @FILE')
      .option('--label <k=v>', 'a label; may be given several times', collect, [])
      .option('--watch', 'follow the run to its end')
      .option('--request-id <id>', 'the same id submits only once'),
  )
    .addHelpText(
      'after',
      examples(
        'run submit --requirements my-idea.md --watch',
        `run submit --input '{"requirements": "Count words", "language": "python"}' --label team=red`,
        'run submit --input @input.json --request-id order-17',
      ),
    )
    .action((options) => run(async (context) => (await load()).submitRun(context, options)));
  group
    .command('list')
    .description('list runs, newest first')
    .option('--limit <n>', 'how many', count, 20)
    .addHelpText('after', examples('run list', 'run list --limit 100 -o jsonl'))
    .action((options) => run(async (context) => (await load()).listRuns(context, options)));
  group
    .command('get <id>')
    .description('show one run; the beginning of its id is enough')
    .addHelpText('after', examples('run get 3f2a91c0', 'run get 3f2a91c0 -o json'))
    .action((id: string) => run(async (context) => (await load()).showRun(context, id)));
  withWatchOptions(group.command('watch <id>').description('follow a run to its end; Ctrl-C leaves it running'))
    .addHelpText(
      'after',
      examples('run watch 3f2a91c0', 'run watch 3f2a91c0 -o jsonl', 'run watch 3f2a91c0 --timeout 5m'),
    )
    .action((id: string, options) => run(async (context) => (await load()).watch(context, id, options)));
  addStoryCommands(group, run);
  group
    .command('result <id>')
    .description('print the output of a run, or write its files')
    .option('--out <dir>', 'write the files of the deliverable to this folder')
    .option('--force', 'write into a folder that holds something else')
    .addHelpText('after', examples('run result 3f2a91c0', 'run result 3f2a91c0 --out build'))
    .action((id: string, options) => run(async (context) => (await load()).showResult(context, id, options)));
  addSteeringCommands(group, run);
}

function addLogCommands(program: Command, run: Run): void {
  const load = () => import('./commands/log.js');
  program
    .command('replay <id>')
    .description('rebuild the state of a run from its events alone')
    .option('--at <n>', 'after this many events; default all')
    .option('--diff <m>', 'what differs from the state after this many events, in words')
    .addHelpText(
      'after',
      examples('replay 3f2a91c0', 'replay 3f2a91c0 --at 12 -o json', 'replay 3f2a91c0 --at 40 --diff 12'),
    )
    .action((id: string, options: { at?: string; diff?: string }) =>
      run(async (context) => {
        const { parseAt, replay, replayDiff } = await load();
        const [at, from] = [parseAt(options.at), parseAt(options.diff, '--diff')];
        return from === null ? replay(context, id, at) : replayDiff(context, id, from, at);
      }),
    );
  program
    .command('audit')
    .description('check the log')
    .command('verify [id]')
    .description('read the whole log again, or one run of it, and check every hash and number')
    .addHelpText('after', examples('audit verify', 'audit verify 3f2a91c0', 'audit verify -o json'))
    .action((id: string | undefined) => run(async (context) => (await load()).auditVerify(context, id)));
}

function addWorkflowCommands(program: Command, run: Run): void {
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
    .description('check a workflow document in YAML or JSON; - for stdin')
    .addHelpText('after', examples('workflow validate my-workflow.yaml', 'workflow validate my-workflow.yaml -o json'))
    .action((file: string) => run(async (context) => (await load()).validateWorkflow(context, file)));
  group
    .command('publish <file>')
    .description('publish a workflow document; a version never changes afterwards')
    .addHelpText(
      'after',
      examples('workflow publish my-workflow.yaml', 'workflow publish - -o json < my-workflow.json'),
    )
    .action((file: string) => run(async (context) => (await load()).publishWorkflow(context, file)));
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

function addListCommands(program: Command, run: Run): void {
  const load = () => import('./commands/listings.js');
  const group = program.command('queue').description('see the queues, and fill them again');
  group
    .command('list')
    .description('list how much waits in each queue')
    .addHelpText('after', examples('queue list', 'queue list -o json'))
    .action(() => run(async (context) => (await import('./commands/queues.js')).listQueues(context)));
  group
    .command('rebuild')
    .description('send everything that is under way to the queues again; what they hold already is not doubled')
    .addHelpText('after', examples('queue rebuild'))
    .action(() => run(async (context) => (await import('./commands/queues.js')).rebuildQueues(context)));
  group
    .command('dead-letters')
    .description('list the messages that could not be taken, with the reason')
    .addHelpText('after', examples('queue dead-letters', 'queue dead-letters -o json'))
    .action(() => run(async (context) => (await load()).listDeadLetters(context)));
}
