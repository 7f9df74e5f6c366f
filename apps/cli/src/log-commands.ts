import type { Command } from 'commander';
import { examples, type Run, withPages } from './command-line.js';

interface ReplayFlags {
  readonly at?: string;
  readonly diff?: string;
  readonly verify?: true;
  readonly all?: true;
}

interface DrainFlags {
  readonly undo?: true;
  readonly wait?: true;
}

/** The log: rebuilt, compared, decided again. */
export function addLogCommands(program: Command, run: Run): void {
  const load = () => import('./commands/log.js');
  program
    .command('replay [id]')
    .description('rebuild the state of a run from its events alone, or decide what is recorded again')
    .option('--at <n>', 'after this many events; default all')
    .option('--diff <m>', 'what differs from the state after this many events, in words')
    .option('--verify', 'decide each recorded order again, and compare what comes out with the log')
    .option('--all', 'with --verify: every run there is')
    .addHelpText(
      'after',
      examples(
        'replay 3f2a91c0',
        'replay 3f2a91c0 --at 12 -o json',
        'replay 3f2a91c0 --at 40 --diff 12',
        'replay 3f2a91c0 --verify',
        'replay --all --verify',
      ),
    )
    .action((given: string | undefined, options: ReplayFlags) =>
      run(async (context) => {
        const { whatToReplay, replayVerify } = await import('./commands/replay-verify.js');
        const { id, isVerified } = whatToReplay(given, options);
        if (isVerified || id === null) return replayVerify(context, id);
        const { parseAt, replay, replayDiff } = await load();
        const [at, from] = [parseAt(options.at), parseAt(options.diff, '--diff')];
        return from === null ? replay(context, id, at) : replayDiff(context, id, from, at);
      }),
    );
}

/** Who takes tasks. */
export function addWorkerCommands(program: Command, run: Run): void {
  const load = () => import('./commands/worker.js');
  const group = program.command('worker').description('see the workers, and have one take no more tasks');
  group
    .command('list')
    .description('list who works: kind, load and last sign of life')
    .addHelpText('after', examples('worker list', 'worker list -o json'))
    .action(() => run(async (context) => (await load()).listWorkers(context)));
  group
    .command('drain <id>')
    .description('have a worker take no more tasks: it ends those that it has, and stays')
    .option('--undo', 'have it take tasks again')
    .option('--wait', 'wait until it has none in work')
    .addHelpText('after', examples('worker drain 3f2a', 'worker drain 3f2a --wait', 'worker drain 3f2a --undo'))
    .action((id: string, options: DrainFlags) =>
      run(async (context) => (await load()).drainWorker(context, id, options)),
    );
}

/** How much may be under way at once: for the owner of the database. */
export function addLimitCommands(program: Command, run: Run): void {
  const load = () => import('./commands/limits.js');
  const group = program.command('limits').description('see and change how much may be under way at once');
  group
    .command('show')
    .description('show the limits that are in force')
    .addHelpText('after', examples('limits show', 'limits show -o json'))
    .action(() => run(async (context) => (await load()).showLimits(context)));
  group
    .command('apply <file>')
    .description('put the limits of a file of JSON in force, at once and for all processes')
    .addHelpText('after', examples('limits apply limits.json'))
    .action((file: string) => run(async (context) => (await load()).applyLimits(context, file)));
  group
    .command('clear')
    .description('take all limits away; what waits begins')
    .addHelpText('after', examples('limits clear'))
    .action(() => run(async (context) => (await load()).clearLimits(context)));
}

/** What waits in the queues, and what they could not take. */
export function addQueueCommands(program: Command, run: Run): void {
  const load = () => import('./commands/listings.js');
  const group = program.command('queue').description('see the queues, and fill them again');
  group
    .command('list')
    .description('list how much waits in each queue')
    .addHelpText('after', examples('queue list', 'queue list -o json'))
    .action(() => run(async (context) => (await import('./commands/queues.js')).listQueues(context)));
  group
    .command('waiting')
    .description('list what is limited: how much of it is under way, and how much waits')
    .addHelpText('after', examples('queue waiting', 'queue waiting -o json'))
    .action(() => run(async (context) => (await import('./commands/queues.js')).listWaiting(context)));
  group
    .command('rebuild')
    .description('send everything that is under way to the queues again; what they hold already is not doubled')
    .addHelpText('after', examples('queue rebuild'))
    .action(() => run(async (context) => (await import('./commands/queues.js')).rebuildQueues(context)));
  const letters = withPages(
    group.command('dead-letters').description('list the messages that could not be taken, with the reason'),
    50,
  )
    .option('--status <status>', 'open, requeued, refused (results that nobody waited for) or all', 'open')
    .addHelpText(
      'after',
      examples('queue dead-letters', 'queue dead-letters --status all -o json', 'queue dead-letters requeue 17'),
    )
    .action((options) => run(async (context) => (await load()).listDeadLetters(context, options)));
  letters
    .command('requeue <id>')
    .description('have one taken up again, when its cause is gone; the letter is kept with who asked for that')
    .addHelpText('after', examples('queue dead-letters requeue 17'))
    .action((id: string) => run(async (context) => (await load()).requeueDeadLetter(context, id)));
}
