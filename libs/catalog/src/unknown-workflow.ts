import { didYouMean } from '@baton/contracts';
import type { Catalog } from './catalog.js';

/** The sentence for a name or `name@version` that the catalog does not have, with what was probably meant. */
export async function unknownWorkflow(catalog: Catalog, ref: string): Promise<string> {
  const [name = ''] = ref.split('@');
  const newest = await catalog.find(name);
  const what = `There is no workflow ${ref.slice(0, 200)}.`;
  if (newest === undefined) return `${what}${didYouMean(name, await catalog.names())}`;
  return `${what} The newest ${name} is ${newest.document.version}.`;
}
