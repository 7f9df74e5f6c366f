import { type Command, Option } from 'commander';
import { examples, type Run, withRunOptions } from './command-line.js';

export function addScheduleCommands(program: Command, run: Run): void {
  const group = program.command('schedule').description('have runs started at certain times');
  const load = () => import('./commands/schedule.js');
  withRunOptions(
    group
      .command('create <name>')
      .description('start runs by a cron expression, at an interval, or once; say one of --cron, --every, --at')
      .option('--cron <expression>', 'five fields: minute, hour, day of the month, month, day of the week; or @daily')
      .option('--time-zone <zone>', 'of --cron, such as Europe/Berlin (default: UTC)')
      .option('--every <time>', 'such as 30s, 15m, 6h or 2d; 10s at least')
      .option('--at <time>', 'once, such as 2026-12-01T06:00:00+01:00')
      .option('--ends <time>', 'nothing is due after this time')
      .option('--jitter <time>', 'start up to so much later, by an amount that differs from time to time')
      .addOption(
        new Option('--overlap <policy>', 'while the last run is under way')
          .choices(['skip', 'queue', 'allow'])
          .default('skip'),
      )
      .addOption(
        new Option('--catch-up <policy>', 'what was due while no orchestrator ran')
          .choices(['last', 'skip', 'all'])
          .default('last'),
      )
      .option('--catch-up-most <n>', 'with --catch-up all: no more than so many (default: 10)')
      .option('--catch-up-within <time>', 'nothing that was due longer ago (default: 1d)')
      .option('--workflow <name>', 'name or name@version (default: "seven-step")')
      .option('--requirements <file>', 'what is to be built, as a text file; - for stdin')
      .option('--input <json>', 'the whole input as JSON, or @FILE'),
  )
    .addHelpText(
      'after',
      examples(
        `schedule create nightly --cron '30 2 * * *' --time-zone Europe/Berlin --workflow report --input @report.json`,
        'schedule create watch --every 15m --overlap queue --workflow watch-prices',
        'schedule create launch --at 2026-12-01T06:00:00+01:00 --requirements launch.md --budget usd=5',
      ),
    )
    .action((name: string, options) =>
      run(async (context) => (await import('./commands/schedule-create.js')).createSchedule(context, name, options)),
    );
  group
    .command('list')
    .description('list the schedules')
    .addHelpText('after', examples('schedule list', 'schedule list -o json'))
    .action(() => run(async (context) => (await load()).listSchedules(context)));
  group
    .command('show <name>')
    .description('show a schedule: its next due times, and its last runs')
    .addHelpText('after', examples('schedule show nightly', 'schedule show nightly -o json'))
    .action((name: string) => run(async (context) => (await load()).showSchedule(context, name)));
  for (const [verb, description] of [
    ['pause', 'start no more runs of a schedule; those under way go on'],
    ['resume', 'start runs of a schedule again; what was due meanwhile is not caught up with'],
    ['take-over', 'have its runs started in your name, such as where its maker may start them no more'],
  ] as const) {
    group
      .command(`${verb} <name>`)
      .description(description)
      .addHelpText('after', examples(`schedule ${verb} nightly`))
      .action((name: string) => run(async (context) => (await load()).changeSchedule(context, verb, name)));
  }
  group
    .command('trigger <name>')
    .description('start a run of a schedule now, whatever else of it is under way')
    .addHelpText('after', examples('schedule trigger nightly'))
    .action((name: string) => run(async (context) => (await load()).triggerSchedule(context, name)));
  group
    .command('delete <name>')
    .description('remove a schedule; its runs stay')
    .addHelpText('after', examples('schedule delete nightly'))
    .action((name: string) => run(async (context) => (await load()).deleteSchedule(context, name)));
}
