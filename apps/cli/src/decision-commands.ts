import { type Command, Option } from 'commander';
import { examples, type Run, withoutWords, withPages } from './command-line.js';
import { withWindow } from './recommendation-commands.js';

const withScope = (command: Command): Command =>
  command
    .option('--workflow <name>', 'only decisions of runs of this workflow')
    .option('--since <time>', 'only decisions from then on: a date or a time, such as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only decisions before');

/** What was decided, by whom, and what another policy would have done. */
export function addDecisionCommands(program: Command, run: Run): void {
  const group = program.command('decisions').description('see what was decided, and try policies on recorded runs');
  const load = () => import('./commands/decisions.js');
  withPages(withScope(group.command('list').description('list decisions, newest first')), 20)
    .option('--run <id>', 'only those of a run; the beginning of its id is enough')
    .option('--source <source>', 'programmatic, llm_override, programmatic_fallback or human')
    .option('--classification <class>', 'standard, hybrid or complex')
    .option('--action <type>', 'such as invoke_agent, request_human or fail')
    .addOption(
      new Option('--point <kind>', 'where it was made').choices(['choice', 'task-failed', 'phase-change', 'budget']),
    )
    .addHelpText(
      'after',
      examples('decisions list', 'decisions list --run 3f2a91c0 -o json', 'decisions list --source llm_override'),
    )
    .action((options) => run(async (context) => (await load()).listDecisions(context, options)));
  withScope(group.command('judges').description('hold the verdicts of models to the tools that saw the same work'))
    .addHelpText('after', examples('decisions judges', 'decisions judges --workflow seven-step --since 2026-01-01'))
    .action((options) => run(async (context) => (await load()).listJudges(context, options)));
  withoutWords(withWindow(group.command('patterns').description('see which facts go with the rules being overruled')))
    .addHelpText('after', examples('decisions patterns', 'decisions patterns --workflow seven-step --runs 1000'))
    .action((options) =>
      run(async (context) => (await import('./commands/patterns.js')).listPatterns(context, options)),
    );
  withScope(
    group
      .command('backtest')
      .description('decide recorded runs again under a policy, with no model, and list what differs')
      .requiredOption('--policy <file>', 'mode, thresholds, maxRounds and recovery in YAML or JSON; - for stdin'),
  )
    .addHelpText(
      'after',
      examples('decisions backtest --policy strict.yaml', 'decisions backtest --policy - -o jsonl < policy.json'),
    )
    .action((options) => run(async (context) => (await load()).backtest(context, options)));
}
