import type { Command } from 'commander';
import { collect, count, countOf, examples, type Run } from './command-line.js';
import { UsageError } from './exit-codes.js';

const roundOf =
  (option: string) =>
  (word: string): number => {
    if (/^\d{1,6}$/.test(word)) return Number(word);
    throw new UsageError(`${option} ${word} is no round.`, 'Give a number from 0.');
  };

/** What happened in a run, for the group `run`. */
export function addStoryCommands(group: Command, run: Run): void {
  group
    .command('events <id>')
    .description('list the events of a run')
    .option('-f, --follow', 'stay, and show what happens next until the run has ended')
    .option('--type <type>', 'only events of this type; may be given several times', collect, [])
    .option('--limit <n>', 'only the newest so many', count)
    .addHelpText(
      'after',
      examples(
        'run events 3f2a91c0',
        'run events 3f2a91c0 --type TaskFailed --type StateRetried',
        'run events 3f2a91c0 --follow --limit 10',
        'run events 3f2a91c0 -o jsonl > events.jsonl',
      ),
    )
    .action((id: string, options) =>
      run(async (context) => (await import('./commands/events.js')).listEvents(context, id, options)),
    );
  group
    .command('diff <id>')
    .description('show what a run changed in its workspace')
    .option('--from <n>', 'from this round of code on; 0 is what the run began from', roundOf('--from'))
    .option('--to <n>', 'up to this round; default the last', roundOf('--to'))
    .addHelpText(
      'after',
      examples('run diff 3f2a91c0', 'run diff 3f2a91c0 --from 1 --to 2', 'run diff 3f2a91c0 -o json'),
    )
    .action((id: string, options) =>
      run(async (context) => (await import('./commands/workspace/diff-command.js')).showDiff(context, id, options)),
    );
  group
    .command('step <id> <state>')
    .description('show what a state was given, what it tried, and what it gave; by its name, or the number of its step')
    .option('--visit <n>', 'which visit, from 1; default the last', countOf('--visit'))
    .option('--conversation', 'show every word that was said to a model and by it')
    .addHelpText(
      'after',
      examples(
        'run step 3f2a91c0 Implement',
        'run step 3f2a91c0 4',
        'run step 3f2a91c0 ValidatePlan --visit 1',
        'run step 3f2a91c0 Implement --conversation',
        'run step 3f2a91c0 Plan -o json',
      ),
    )
    .action((id: string, state: string, options) =>
      run(async (context) => (await import('./commands/step.js')).showStep(context, id, state, options)),
    );
}
