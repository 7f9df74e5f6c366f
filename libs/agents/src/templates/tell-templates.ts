import type { TemplateProblem, TemplateSet, ToldServer } from '@baton/contracts';
import type { HandlerParts } from '@baton/worker';
import { sentence, type Templates } from './load-templates.js';

/** Whose templates they are, and the servers whose tools its operator allows it. */
interface Teller {
  readonly agent: string;
  readonly servers: readonly ToldServer[];
}

/**
 * Stores the texts that an agent can be asked with, by their hashes, and tells what they are: so that the exact text of a
 * task can be had from its event, whatever becomes of the file. With them goes which servers the agent may use.
 *
 * @returns the templates without those that hold a secret of this service: stored, they would be another text, and a model
 *   is not to be told it
 */
export async function tellTemplates(
  templates: Templates,
  { agent, servers }: Teller,
  { blobs, tellTemplates: tell }: Pick<HandlerParts, 'blobs' | 'tellTemplates'>,
): Promise<Templates> {
  const leaking: TemplateProblem[] = [];
  const own = templates.found.filter(({ template }) => template.agent === agent);
  for (const { template, text, layer, path } of own) {
    const { sha256 } = await blobs.put(Buffer.from(text, 'utf8'));
    if (sha256 === template.sha256) continue;
    const { id, variant } = template;
    leaking.push({ layer, path, id, variant, problem: sentence(path, SECRET) });
  }
  const isLeaking = (layer: string, path: string): boolean =>
    leaking.some((each) => each.layer === layer && each.path === path);
  const found = templates.found.filter(({ layer, path }) => !isLeaking(layer, path));
  const kept = new Set(found.map(({ template }) => template));
  const byId = new Map([...templates.byId].map(([id, variants]) => [id, variants.filter((each) => kept.has(each))]));
  const safe = { byId, found, problems: [...templates.problems, ...leaking] };
  await tell({ ...setOf(safe, agent), servers: servers.map(({ name, tools }) => ({ name, tools })) });
  return safe;
}

const SECRET = 'it holds a secret of the environment of this service, which no model is to be told';

function setOf({ found, problems }: Templates, agent: string): TemplateSet {
  const own = found.filter(({ template }) => template.agent === agent);
  return {
    templates: own.map(({ template, layer, path, isShipped, isReplaced }) => {
      const { id, variant, weight, version, sha256, output, title } = template;
      return { id, variant, weight, version, sha256, agent, output, title, layer, path, isShipped, isReplaced };
    }),
    problems: [...problems],
  };
}
