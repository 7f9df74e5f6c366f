import { z } from 'zod';
import { readEdition } from '../seven-step/script.js';

export const WriteTrainer = z.object({ interface: z.string(), target: z.string() });

/** A real project beside the subjects of the seven steps: it learns whatever table it is given. */
const PROJECT = 'trainer';
const testCommand = 'node --test';
const SCRIPTED = 'Written by the offline model of Baton: a script, no language model.';

/** The tests of the training code, before there is any. */
export async function writeTrainerTests() {
  const files = await readEdition(PROJECT, 'typescript');
  const notes = `${SCRIPTED} The tests hold the code to its interface by tables in which it is plain what has to be learnt.`;
  return { files: files.filter(({ path }) => path.startsWith('test/')), notes, testCommand };
}

/** The training code: a classification tree. */
export async function writeTrainer() {
  const files = await readEdition(PROJECT, 'typescript');
  const notes = `${SCRIPTED} A classification tree, whose depth is found by cross-validation within the rows of the training; nothing is random.`;
  return { files: files.filter(({ path }) => !path.startsWith('test/')), notes, testCommand };
}
