import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a template of the prompts folder says of itself. */
interface TemplateFacts {
  /** The kind of worker that it is written for. */
  readonly agent: string;
  /** The name of what comes back. */
  readonly output: string;
}

/** Template id → its facts. Empty where the folder cannot be read: then nothing is said of templates. */
export type KnownTemplates = ReadonlyMap<string, TemplateFacts>;

/**
 * The heads of the templates of a folder and of those within it. Workers read the files themselves, check them in full, and
 * may have others: what is not here may be there.
 */
export async function readKnownTemplates(promptsDir: string): Promise<KnownTemplates> {
  const names = await readdir(promptsDir, { recursive: true }).catch((): string[] => []);
  const templates = new Map<string, TemplateFacts>();
  for (const name of names.filter((each) => each.endsWith('.md') && basename(each) !== 'README.md')) {
    const [, head = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readFile(join(promptsDir, name), 'utf8')) ?? [];
    const [agent, output] = [wordOf(head, 'agent'), wordOf(head, 'output')];
    if (agent !== null && output !== null) templates.set(basename(name, '.md'), { agent, output });
  }
  return templates;
}

const wordOf = (head: string, name: string): string | null =>
  new RegExp(`^${name}:[ \\t]*([\\w-]+)[ \\t]*\\r?$`, 'm').exec(head)?.[1] ?? null;
