import type { Command } from 'commander';
import { collect, collectSetting, examples, type Run, withPages, withWatchOptions } from './command-line.js';

/** The commands that change a run, for the group `run`. */
export function addSteeringCommands(group: Command, run: Run): void {
  const load = () => import('./commands/steer.js');
  group
    .command('cancel <id>')
    .description('cancel a run')
    .option('--reason <text>', 'why; it is recorded')
    .addHelpText('after', examples('run cancel 3f2a91c0', 'run cancel 3f2a91c0 --reason "wrong requirements"'))
    .action((id: string, options) => run(async (context) => (await load()).cancelRun(context, id, options)));
  group
    .command('pause <id>')
    .description('begin nothing new in a run; what is under way is finished and kept')
    .option('--reason <text>', 'why; it is recorded')
    .addHelpText('after', examples('run pause 3f2a91c0 --reason maintenance'))
    .action((id: string, options) => run(async (context) => (await load()).pauseRun(context, id, options)));
  group
    .command('resume <id>')
    .description('let a paused run go on')
    .addHelpText('after', examples('run resume 3f2a91c0'))
    .action((id: string) => run(async (context) => (await load()).resumeRun(context, id)));
  group
    .command('retry <id>')
    .description('take a failed run up again from the states that failed')
    .option('--reason <text>', 'why; it is recorded')
    .addHelpText('after', examples('run retry 3f2a91c0', 'run retry 3f2a91c0 --reason "the model is back"'))
    .action((id: string, options) => run(async (context) => (await load()).retryRun(context, id, options)));
  withWatchOptions(
    group
      .command('fork <id>')
      .description('begin a new run with the state that a run had after one of its events')
      .requiredOption('--at <n>', 'the number of the event')
      .option(
        '--set <name=value>',
        'a variable of the run that is to be otherwise; may be given several times',
        collectSetting,
      )
      .option('--input <json>', 'what the state is given that goes on, as JSON or @FILE; it begins anew')
      .option('--label <k=v>', 'a label of the new run; may be given several times', collect, [])
      .option('--watch', 'follow the new run to its end'),
  )
    .addHelpText(
      'after',
      examples(
        'run fork 3f2a91c0 --at 12',
        'run fork 3f2a91c0 --at 12 --label try=2 --watch',
        'run fork 3f2a91c0 --at 40 --set maxRounds=2',
      ),
    )
    .action((id: string, options) => run(async (context) => (await load()).forkRun(context, id, options)));
  group
    .command('rate <id>')
    .description('say what a run, or a decision or step of it, is worth; also after its end')
    .requiredOption('--score <1..5>', '5 is best')
    .option('--note <text>', 'why')
    .option('--decision <id>', 'one of its decisions, as `baton decisions list` names it')
    .option('--step <state>', 'one of its states')
    .addHelpText(
      'after',
      examples(
        'run rate 3f2a91c0 --score 4 --note "Good, but slow"',
        'run rate 3f2a91c0 --step ValidateCode --score 2 --note "It missed the race"',
      ),
    )
    .action((id: string, options) => run(async (context) => (await load()).rateRun(context, id, options)));
  group
    .command('signal <id> <name> [data]')
    .description('send a run a signal, with data as JSON or @FILE')
    .addHelpText('after', examples('run signal 3f2a91c0 go', `run signal 3f2a91c0 delivery '{"parcels": 3}'`))
    .action((id: string, name: string, data: string | undefined) =>
      run(async (context) => (await load()).signalRun(context, id, name, data)),
    );
}

export function addApprovalCommands(program: Command, run: Run): void {
  const group = program.command('approval').description('see and answer what runs ask of people');
  const load = () => import('./commands/approval.js');
  withPages(group.command('list').description('list what is open, longest waiting first'), 50)
    .option('--answered', 'what was answered instead, newest answer first: by whom, when and why')
    .option('--run <id>', 'only those of this run')
    .addHelpText('after', examples('approval list', 'approval list --answered --run 3f2a91c0', 'approval list -o json'))
    .action(({ answered, ...options }) =>
      run(async (context) =>
        answered === true
          ? (await import('./commands/answers.js')).listAnswers(context, options)
          : (await load()).listApprovals(context, options),
      ),
    );
  group
    .command('show <id>')
    .description('show what is to be approved; the run is enough where it asks one thing')
    .option('--file <path>', 'one of its files, as it is')
    .option('--out <dir>', 'the files that work by hand goes on from, into a folder')
    .addHelpText(
      'after',
      examples(
        'approval show 3f2a91c0-4',
        'approval show 3f2a91c0 --file src/main.ts',
        'approval show 3f2a91c0 -o json',
      ),
    )
    .action((id: string, options) => run(async (context) => (await load()).showApproval(context, id, options)));
  group
    .command('approve <id>')
    .description('approve')
    .option('--comment <text>', 'goes to the run with the answer')
    .option('--move <id>', 'where a decision is asked about: another of its moves than the one it proposes')
    .addHelpText('after', examples('approval approve 3f2a91c0-4', 'approval approve 3f2a91c0 --comment "Ship it."'))
    .action((id: string, { comment, move }) =>
      run(async (context) => (await load()).answerApproval(context, id, { decision: 'approve', comment, move })),
    );
  group
    .command('reject <id>')
    .description('reject: the state that asked fails with Baton.Rejected')
    .requiredOption('--reason <text>', 'why; it goes to the run')
    .addHelpText('after', examples('approval reject 3f2a91c0-4 --reason "Too expensive."'))
    .action((id: string, { reason }) =>
      run(async (context) => (await load()).answerApproval(context, id, { decision: 'reject', comment: reason })),
    );
  group
    .command('request-changes <id>')
    .description('send it back for changes')
    .requiredOption('--comment <text>', 'what is to be changed')
    .addHelpText('after', examples('approval request-changes 3f2a91c0-4 --comment "Shorter, please."'))
    .action((id: string, { comment }) =>
      run(async (context) => (await load()).answerApproval(context, id, { decision: 'request-changes', comment })),
    );
  group
    .command('answer <id>')
    .description('answer the question of a task, or hand in the work of a step that is done by hand')
    .option('--text <text>', 'the answer')
    .option('--choice <n>', 'one of the likely answers, by its number')
    .option('--work <json>', 'the work, as JSON or @FILE')
    .option('--workspace <dir>', 'the work, as a folder')
    .option('--comment <text>', 'a word about the work')
    .addHelpText(
      'after',
      examples(
        'approval answer 3f2a91c0-4 --text "A tab."',
        'approval answer 3f2a91c0 --choice 2',
        'approval answer 3f2a91c0 --work @plan.json',
        'approval answer 3f2a91c0 --workspace .',
      ),
    )
    .action((id: string, options) => run(async (context) => (await load()).answerTask(context, id, options)));
}
