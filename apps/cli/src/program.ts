import { RunStatus } from '@baton/contracts';
import { Argument, Command, Option } from 'commander';
import { addArchiveCommands } from './archive-commands.js';
import { addAuditCommands } from './audit-commands.js';
import { addAuthCommands } from './auth-commands.js';
import { asCalled } from './call-name.js';
import {
  type Action,
  collect,
  examples,
  type Run,
  withPages,
  withRunOptions,
  withWatchOptions,
} from './command-line.js';
import type { Shell } from './commands/completion.js';
import { parseMode, parseStatus } from './commands/run-options.js';
import { addDecisionCommands } from './decision-commands.js';
import { refuseEmptyNames } from './empty-names.js';
import { ExitCode } from './exit-codes.js';
import { addExpectationCommands } from './expectation-commands.js';
import { addHookCommands } from './hook-commands.js';
import { addLimitCommands, addLogCommands, addQueueCommands, addWorkerCommands } from './log-commands.js';
import { addMcpCommand } from './mcp-command.js';
import { addNotificationCommands } from './notification-commands.js';
import type { Format, Io } from './output.js';
import { addPrivacyCommands } from './privacy-commands.js';
import { addRecommendationCommands } from './recommendation-commands.js';
import { addScheduleCommands } from './schedule-commands.js';
import { addApprovalCommands, addSteeringCommands } from './steering-commands.js';
import { addStoryCommands } from './story-commands.js';
import { addTaskCommands } from './task-commands.js';
import { addEvalCommand, addTemplateCommands } from './template-commands.js';
import { addUsageCommand } from './usage-commands.js';
import { addWebhookCommands } from './webhook-commands.js';
import { addWorkflowCommands } from './workflow-commands.js';
import { addWorkspaceCommands } from './workspace-commands.js';

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

/** The command line but for completion: names, options and help. What a command does is loaded when it is called. */
function buildCommands(ports: ProgramPorts): Command {
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
  addDatabaseCommands(program, run);
  addRunCommands(program, run);
  addApprovalCommands(program, run);
  addDecisionCommands(program, run);
  addRecommendationCommands(program, run);
  addUsageCommand(program, run);
  addExpectationCommands(program, run);
  addLogCommands(program, run);
  addAuditCommands(program, run);
  addWorkflowCommands(program, run);
  addTemplateCommands(program, run);
  addWorkspaceCommands(program, run);
  addEvalCommand(program, run);
  addTaskCommands(program, run);
  addHookCommands(program, run);
  addScheduleCommands(program, run);
  addWebhookCommands(program, run);
  addNotificationCommands(program, run);
  addAuthCommands(program, run);
  addPrivacyCommands(program, run);
  addArchiveCommands(program, run);
  addWorkerCommands(program, run);
  addQueueCommands(program, run);
  addLimitCommands(program, run);
  addMcpCommand(program, run, ports.version);
  refuseEmptyNames(program);
  return program;
}

/** The whole command line. */
export function buildProgram(ports: ProgramPorts): Command {
  const program = buildCommands(ports);
  addCompletionCommands(program, ports);
  return program;
}

function addCompletionCommands(program: Command, ports: ProgramPorts): void {
  const run = (action: Action): Promise<void> => ports.run('table', action);
  const load = () => import('./commands/completion.js');
  program
    .command('completion')
    .description('write a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText(
      'after',
      examples(
        'completion bash > ~/.local/share/bash-completion/completions/baton',
        'completion zsh > ~/.zsh/completions/_baton',
      ),
    )
    .action((shell: Shell) =>
      run(async () => {
        (await load()).writeScript(buildCommands(ports), shell);
        return ExitCode.ok;
      }),
    );
  // What the script asks; nobody types it.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action((words: readonly string[]) =>
      run(async () => {
        (await load()).writeSuggestions(buildCommands(ports), words);
        return ExitCode.ok;
      }),
    );
}

function addStackCommands(program: Command, run: Run): void {
  program
    .command('up')
    .description('start the whole stack on this machine and keep it running')
    .option('--only <services>', 'start only these, separated by commas')
    .option('--json-logs', 'write the log lines of all services to stdout as JSON')
    .addHelpText('after', examples('up', 'up --only gateway,orchestrator', 'up --json-logs > baton.log'))
    .action((options) => run(async (context) => (await import('./up/up.js')).up(context, options)));
  withRunOptions(
    program
      .command('demo')
      .description('start everything, run one workflow on real input, show it, verify the log, stop')
      .option('--requirements <file>', 'a text of your own instead of the example; - for stdin')
      .option('--workflow <name>', 'another workflow than seven-step')
      .option('--input <file>', 'the whole input of the run as a JSON file')
      .option('--workspace <dir>', 'work on a copy of this folder; the result is a branch of the copy, or its files')
      .option('--ref <ref>', 'with --workspace: the files of this commit instead of those in the folder')
      .option('--out <dir>', 'where the deliverable goes; default out/<workflow>-<id>/')
      .option('--approve', 'say yes to what the run asks a person, after showing what it is')
      .option('--json', 'write one JSON object to stdout at the end'),
  )
    .addHelpText(
      'after',
      examples(
        'demo',
        'demo --workflow build-website --input examples/workflows/build-website.input.json --approve',
        'demo --requirements my-idea.md --out build',
        'demo --workspace ../my-project --requirements my-idea.md',
        'demo --mode hybrid --set maxRounds=2',
        'demo --json > result.json',
      ),
    )
    .action((options) => run(async (context) => (await import('./demo/demo.js')).demo(context, options)));
  program
    .command('doctor')
    .description('check what Baton needs on this machine, and say what to do')
    .addHelpText('after', examples('doctor', 'doctor -o json'))
    .action(() => run(async (context) => (await import('./doctor/doctor.js')).doctor(context)));
}

function addDatabaseCommands(program: Command, run: Run): void {
  const group = program.command('database').description('prepare a Postgres of your own, and decide about its log');
  group
    .command('logins')
    .description('make the roles under which services and workers log in, as the administrator in DATABASE_URL')
    .addHelpText('after', examples('database logins'))
    .action(() => run(async (context) => (await import('./up/database-logins.js')).databaseLogins(context)));
  group
    .command('accept-loss')
    .description('go on from a log that lost its end, as the owner of the database: what is gone stays gone')
    .addHelpText('after', examples('database accept-loss'))
    .action(() => run(async (context) => (await import('./up/accept-loss.js')).acceptLoss(context)));
}

function addRunCommands(program: Command, run: Run): void {
  const group = program.command('run').description('submit, follow and steer runs');
  const load = () => import('./commands/run.js');
  withWatchOptions(
    withRunOptions(
      group
        .command('submit')
        .description('submit a run')
        .option('--workflow <name>', 'name or name@version (default: "seven-step")')
        .option('--requirements <file>', 'what is to be built, as a text file; - for stdin')
        .option('--input <json>', 'the whole input as JSON, or @FILE')
        .option('--goal <text>', 'what is wanted, in a sentence: a workflow is composed for it and shown')
        .option('--yes', 'with --goal: what is composed runs without asking')
        .option('--another-approves', 'with --goal: whoever submits it may not approve what is composed')
        .option('--again <id>', 'as another run was submitted, but for what is said here')
        .option('--workspace <dir>', 'work on a copy of this folder, a git repository or not')
        .option('--ref <ref>', 'with --workspace: the files of this commit instead of those in the folder')
        .option('--shared <name>', 'land on this lineage, beside other runs: from its head, or from --workspace'),
    )
      .option('--watch', 'follow the run to its end')
      .option('--request-id <id>', 'the same id submits only once'),
  )
    .addHelpText(
      'after',
      examples(
        'run submit --requirements my-idea.md --watch',
        `run submit --input '{"requirements": "Count words", "language": "python"}' --label team=red`,
        'run submit --input @input.json --request-id order-17',
        'run submit --requirements csv-import.md --workspace . --ref main --watch',
        'run submit --requirements csv-import.md --shared shop --watch',
        'run submit --goal "Write a report on our sales" --input @sales.json',
        'run submit --again 3f2a91c0 --set maxRounds=2 --mode hybrid',
        'run submit --requirements my-idea.md --set language=python --mode hybrid --budget usd=5,wallClock=2h',
      ),
    )
    .action((options) => run(async (context) => (await import('./commands/submit.js')).submitRun(context, options)));
  withPages(group.command('list').description('list runs, newest first'), 20)
    .addOption(
      new Option('--status <status>', `only those that are ${RunStatus.options.join(', ')}`).argParser(parseStatus),
    )
    .option('--workflow <name>', 'only runs of this workflow')
    .addOption(new Option('--mode <mode>', 'only those that decide so').argParser(parseMode))
    .option('--label <k=v>', 'only those with this label; may be given several times', collect, [])
    .addHelpText(
      'after',
      examples('run list', 'run list --status failed --label team=red', 'run list --limit 100 -o jsonl'),
    )
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
    .option('--force', 'write into a folder that holds something else, beside that')
    .option('--patch', 'print what the run changed in its workspace as a patch, for git apply')
    .option('--branch <name>', 'write its rounds as commits to a new branch, and touch nothing else of the repository')
    .option('--repo <dir>', 'with --branch: the folder of the workspace in its repository; default here')
    .option('--personal', 'with what is personal in it opened, for whoever may read it')
    .addHelpText(
      'after',
      examples(
        'run result 3f2a91c0',
        'run result 3f2a91c0 --out build',
        'run result 3f2a91c0 --branch baton/csv-import',
        'run result 3f2a91c0 --patch | git apply',
      ),
    )
    .action((id: string, options) => run(async (context) => (await load()).showResult(context, id, options)));
  addSteeringCommands(group, run);
}
