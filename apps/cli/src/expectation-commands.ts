import { AnomalyMeasure } from '@baton/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples, type Run, withoutWords, withPages, workflowName } from './command-line.js';

/** What runs are expected to take, how good that was, and what was unusual. */
export function addExpectationCommands(program: Command, run: Run): void {
  const group =
    program.commands.find((command) => command.name() === 'foresight') ??
    program.command('foresight').description('see what runs are expected to take, and how good that was');
  const load = () => import('./commands/expectations.js');
  group
    .command('expect')
    .description('what a run is expected to take: one under way, or one of a workflow that is yet to begin')
    .argument('[run]', 'the id of a run; the beginning of it is enough')
    .option('--workflow <name>', 'a run of this workflow, or `name@version`, that is yet to begin')
    .option('--input-bytes <count>', 'with an input of this size, as JSON', bytesIn)
    .addHelpText(
      'after',
      examples(
        'foresight expect 3f2a91c0',
        'foresight expect --workflow seven-step',
        'foresight expect 3f2a91c0 -o json',
      ),
    )
    .action((id, options) => run(async (context) => (await load()).showExpectation(context, id, options)));
  withoutWords(group.command('calibration'))
    .description('what was expected when runs began, held against what came')
    .option('--workflow <name>', 'only runs of this workflow', workflowName)
    .addHelpText('after', examples('foresight calibration', 'foresight calibration --workflow seven-step -o json'))
    .action((options) => run(async (context) => (await load()).showCalibration(context, options)));
  const anomalies = program.command('anomaly').description('see what of runs was unlike the runs before them');
  withoutWords(withPages(anomalies.command('list').description('list anomalies, newest first'), 20))
    .option('--run <id>', 'only those of a run; the beginning of its id is enough')
    .option('--workflow <name>', 'only those of runs of this workflow', workflowName)
    .addOption(new Option('--measure <what>', 'only those in this').choices(AnomalyMeasure.options))
    .option('--since <time>', 'only runs that ended then or later: a date or a time, such as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only runs that ended before')
    .addHelpText('after', examples('anomaly list', 'anomaly list --workflow seven-step --measure cost -o json'))
    .action((options) =>
      run(async (context) => (await import('./commands/anomalies.js')).listAnomalies(context, options)),
    );
}

function bytesIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a number of bytes.');
  return Number(text);
}
