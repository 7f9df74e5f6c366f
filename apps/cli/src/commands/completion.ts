import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/*
 * The library writes to the console itself. What it writes is all that these commands give, and it goes to stdout, where
 * data belongs.
 */

/** Writes the script that a shell sources; it asks `baton complete -- WORDS` for what may come next. */
export function writeScript(program: Command, shell: Shell): void {
  tab(program, { completionCommandName: 'completion' }).setup('baton', 'baton', shell);
}

/** Writes what may come next, a line each. @param words those typed so far, the last of which may be empty */
export function writeSuggestions(program: Command, words: readonly string[]): void {
  tab(program, { completionCommandName: 'completion' }).parse([...words]);
}
