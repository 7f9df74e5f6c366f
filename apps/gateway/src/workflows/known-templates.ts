import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a template of the prompts folder says of itself. */
interface TemplateFacts {
  /** The kind of worker that it is written for. */
  readonly agent: string;
  /** The name of what comes back. */
  readonly output: string;
}

/** Template id → its facts. Empty where no folder can be read: then nothing is said of templates. */
export type KnownTemplates = ReadonlyMap<string, TemplateFacts>;

/**
 * The heads of the templates of some folders and of those within them; a later folder has the word. Workers read the files
 * themselves, check them in full, and may have others: what is not here may be there.
 */
export async function readKnownTemplates(folders: readonly string[]): Promise<KnownTemplates> {
  const templates = new Map<string, TemplateFacts>();
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
    for (const name of names.filter((each) => TEMPLATE_FILE.test(basename(each)))) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const [, head = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? [];
      const [agent, output] = [wordOf(head, 'agent'), wordOf(head, 'output')];
      if (agent !== null && output !== null) templates.set(basename(name, '.md'), { agent, output });
    }
  }
  return templates;
}

/** A variant is another text for the same, and stands beside it. */
const TEMPLATE_FILE = /^[a-z][a-z0-9_]*\.md$/;

const wordOf = (head: string, name: string): string | null =>
  new RegExp(`^${name}:[ \\t]*([\\w-]+)[ \\t]*\\r?$`, 'm').exec(head)?.[1] ?? null;
