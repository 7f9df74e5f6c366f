import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { NEED_NOT_BE_SHOWN, templateVariables } from '../task/task-arguments.js';
import { broken, parseTemplate, placeholdersOf, type Template } from './template.js';

export type Templates = ReadonlyMap<string, Template>;

/**
 * Reads every template of a folder and of those within it (all `.md` files but README.md), once, at boot, and checks that
 * no id stands twice, and that each shipped one is there and shows the model exactly the variables its task has. Throws
 * BatonError `template-broken` or `template-missing`.
 */
export async function loadTemplates(promptsDir: string): Promise<Templates> {
  const templates = new Map<string, Template>();
  for (const fileName of await templateFiles(promptsDir)) {
    const template = parseTemplate(fileName, await readFile(join(promptsDir, fileName), 'utf8'));
    checkVariables(fileName, template);
    if (templates.has(template.id)) throw broken(fileName, 'another folder has a template of that name');
    templates.set(template.id, template);
  }
  for (const id of templateVariables.keys()) {
    if (!templates.has(id)) throw missing(`The prompt template ${id}.md is not in ${promptsDir}.`);
  }
  return templates;
}

async function templateFiles(promptsDir: string): Promise<readonly string[]> {
  try {
    const names = await readdir(promptsDir, { recursive: true });
    return names.filter((name) => name.endsWith('.md') && basename(name) !== 'README.md').sort();
  } catch (error) {
    throw missing(`The folder of the prompt templates, ${promptsDir}, cannot be read.`, error);
  }
}

/** A template of the shipped workflow knows its variables beforehand: one it lacks or invents is found at boot, not in a run. */
function checkVariables(fileName: string, template: Template): void {
  const expected = templateVariables.get(template.id);
  if (expected === undefined) return;
  const given = placeholdersOf(template);
  const unknown = given.filter((name) => !expected.includes(name));
  const unused = expected.filter((name) => !given.includes(name) && !NEED_NOT_BE_SHOWN.includes(name));
  if (unknown.length > 0) {
    throw broken(fileName, `it asks for {{${unknown.join('}}, {{')}}}, but its task has only ${expected.join(', ')}`);
  }
  if (unused.length > 0) throw broken(fileName, `it never shows the model {{${unused.join('}}, {{')}}}`);
}

const missing = (message: string, cause?: unknown): BatonError =>
  new BatonError(message, {
    code: 'template-missing',
    next: 'Set BATON_PROMPTS_DIR to the folder that holds the prompt templates.',
    cause,
  });
