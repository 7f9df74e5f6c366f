import type { Command } from 'commander';
import { countOf, examples, type Run, withoutWords, workflowName } from './command-line.js';

const MOST_RUNS = 200;

/** Which of the runs are looked at. */
export const withWindow = (command: Command): Command =>
  command
    .option('--workflow <name>', 'only runs of this workflow', workflowName)
    .option('--since <time>', 'only what was decided or begun from then on: a date or a time, such as 2026-01-31')
    .option('--until <time>', 'only what was decided or begun before')
    .option('--runs <n>', 'at most so many runs, the newest', countOf('--runs'), MOST_RUNS);

/** What recorded runs say would be better otherwise. */
export function addRecommendationCommands(program: Command, run: Run): void {
  const group = program
    .command('recommendation')
    .description('see what recorded runs say would be better otherwise, and try it on them');
  const load = () => import('./commands/recommendation.js');
  const list = group.command('list').description('list recommendations, the surest first, and what was looked at');
  withoutWords(withWindow(list))
    .addHelpText('after', examples('recommendation list', 'recommendation list --workflow seven-step --runs 1000'))
    .action((options) => run(async (context) => (await load()).listRecommendations(context, options)));
  withWindow(
    group
      .command('show <id>')
      .description('show one with its figures; the beginning of its id is enough')
      .option('--policy-out <file>', 'write the policy to a new file, for `decisions backtest --policy`'),
  )
    .addHelpText('after', examples('recommendation show 3f2a', 'recommendation show 3f2a --policy-out policy.yaml'))
    .action((id: string, options) => run(async (context) => (await load()).showRecommendation(context, id, options)));
}
