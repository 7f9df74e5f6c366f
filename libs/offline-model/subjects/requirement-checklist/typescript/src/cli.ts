import { readFileSync } from 'node:fs';
import { ChecklistError, checked, progress, readEvidence, report } from './checklist.ts';
import { requirements, title } from './requirements.ts';

export interface Outcome {
  /** 0 accepted, 1 not accepted yet, 2 wrong use or wrong evidence. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `[evidence.json]`: prints the checklist. */
export function run(args: readonly string[]): Outcome {
  const [file, ...rest] = args;
  if (rest.length > 0) return { exitCode: 2, stdout: '', stderr: 'Usage: node src/main.ts [evidence.json]\n' };
  try {
    const evidence = file === undefined ? [] : readEvidence(readText(file), requirements);
    const list = checked(requirements, evidence);
    return { exitCode: progress(list).isAccepted ? 0 : 1, stdout: report(title, list), stderr: '' };
  } catch (error) {
    if (error instanceof ChecklistError) return { exitCode: 2, stdout: '', stderr: `${error.message}\n` };
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ChecklistError('not-json', `The file ${file} cannot be read.`);
  }
}
