import type { Command } from 'commander';
import { examples, type Run } from './command-line.js';

/** Baton for a model's own program. */
export function addMcpCommand(program: Command, run: Run, version: string): void {
  program
    .command('mcp')
    .description('serve Baton to an agent over its standard streams, by the Model Context Protocol')
    .option('--decide-own-runs', 'let a key with the role approver decide about runs that it submitted itself')
    .addHelpText(
      'after',
      `${examples('mcp')}
An agent starts it, by its own configuration; docs/mcp.md has that of Claude Code, Cursor and VS Code. It asks the gateway with
BATON_URL and BATON_TOKEN, and offers what that key may do.
`,
    )
    .action((options) =>
      run(async (context) => (await import('./commands/mcp.js')).serveMcp(context, version, options)),
    );
}
