import { BatonError, type TemplateProblem } from '@baton/contracts';
import { templateVariables } from '../task/task-arguments.js';
import { misfitOf, type Shipped, shippedOf } from './fit-variables.js';
import { type LayerFile, readLayer } from './read-layer.js';
import { namesInFile, parseTemplate, type Template } from './template.js';

/** A template that can be used, and where it stands. */
interface FoundTemplate {
  readonly template: Template;
  readonly text: string;
  readonly layer: string;
  readonly path: string;
  /** Whether it ships. */
  readonly isShipped: boolean;
  /** Whether a later layer has another one of the same name and variant, which is used. */
  readonly isReplaced: boolean;
}

/** The templates of all layers, read once at the start of a service. */
export interface Templates {
  /** Id → the variants in use. */
  readonly byId: ReadonlyMap<string, readonly Template[]>;
  readonly found: readonly FoundTemplate[];
  readonly problems: readonly TemplateProblem[];
}

/**
 * Reads the layers of templates: what ships, then each folder of the operator, of which a later one replaces what an earlier
 * one has under the same id and variant, and adds to it. A file that cannot be used is a problem, and no reason not to start:
 * what an earlier layer has is used instead. Throws BatonError `template-missing` where the shipped folder cannot be read.
 */
export async function loadTemplates(shippedDir: string, layers: readonly string[] = []): Promise<Templates> {
  const problems: TemplateProblem[] = [];
  const shipped = await readLayer(shippedDir);
  if (typeof shipped === 'string') throw missing(shippedDir, shipped);
  const base = { layer: shippedDir, files: shipped, isShipped: true };
  const known = shippedOf(readFiles({ ...base, shipped: new Map() }).found.map(({ template }) => template));
  const own = readFiles({ ...base, shipped: known });
  problems.push(...own.problems);
  const ids = new Set(own.found.map(({ template }) => template.id));
  for (const id of templateVariables.keys()) {
    if (ids.has(id) || own.problems.some((each) => each.id === id)) continue;
    problems.push({ layer: shippedDir, path: `${id}.md`, id, variant: 'main', problem: `There is no ${id}.md.` });
  }
  let found = own.found;
  for (const layer of layers) {
    const files = await readLayer(layer);
    if (typeof files === 'string') {
      problems.push({ layer, path: null, id: null, variant: null, problem: `${layer}: ${files}.` });
      continue;
    }
    const read = readFiles({ layer, files, isShipped: false, shipped: known });
    problems.push(...read.problems.map((each) => withInstead(each, found)));
    found = [
      ...found.map((each) => ({ ...each, isReplaced: each.isReplaced || isIn(read.found, each) })),
      ...read.found,
    ];
  }
  const byId = Map.groupBy(
    found.filter(({ isReplaced }) => !isReplaced).map(({ template }) => template),
    ({ id }) => id,
  );
  return { byId, found, problems };
}

interface Layer {
  readonly layer: string;
  readonly files: readonly LayerFile[];
  readonly isShipped: boolean;
  /** What the templates of the shipped workflow are, where they are known already. */
  readonly shipped: Shipped;
}

function readFiles({ layer, files, isShipped, shipped }: Layer): Pick<Templates, 'found' | 'problems'> {
  const found: FoundTemplate[] = [];
  const problems: TemplateProblem[] = [];
  for (const file of files) {
    const read = 'problem' in file ? sentence(file.path, file.problem) : readTemplate(file.path, file.text, shipped);
    if (typeof read === 'string') problems.push(problemOf(layer, file.path, read));
    else
      found.push({
        template: read,
        text: 'text' in file ? file.text : '',
        layer,
        path: file.path,
        isShipped,
        isReplaced: false,
      });
  }
  // Which of two was meant nobody knows, so neither is used.
  const twice = found.filter((each, index) => found.some((other, at) => at !== index && isSame(other, each)));
  for (const { path, template } of twice) {
    const others = twice.filter((each) => each.template.id === template.id && each.path !== path);
    const reason = `${others.map((each) => each.path).join(', ')} is a template of the same name`;
    problems.push(problemOf(layer, path, sentence(path, reason)));
  }
  return { found: found.filter((each) => !twice.includes(each)), problems };
}

function readTemplate(path: string, text: string, shipped: Shipped): Template | string {
  try {
    const template = parseTemplate(path, text);
    const misfit = misfitOf(template, shipped);
    return misfit === null ? template : sentence(path, misfit);
  } catch (error) {
    if (error instanceof BatonError) return error.message;
    throw error;
  }
}

/** What is said of a file that cannot be used. */
export const sentence = (path: string, reason: string): string =>
  `The prompt template ${path} cannot be used: ${reason}.`;

function problemOf(layer: string, path: string, problem: string): TemplateProblem {
  const names = namesInFile(path);
  return { layer, path, id: names?.id ?? null, variant: names?.variant ?? null, problem };
}

/** Says what is used instead of a file that cannot be. */
function withInstead(problem: TemplateProblem, before: readonly FoundTemplate[]): TemplateProblem {
  const { id, variant } = problem;
  const other = before.find(
    ({ template, isReplaced }) => !isReplaced && template.id === id && template.variant === variant,
  );
  if (other === undefined) return problem;
  const whose = other.isShipped ? 'The one that ships' : `The one in ${other.layer}`;
  return { ...problem, problem: `${problem.problem} ${whose} is used.` };
}

const isSame = (one: FoundTemplate, other: FoundTemplate): boolean =>
  one.template.id === other.template.id && one.template.variant === other.template.variant;

const isIn = (found: readonly FoundTemplate[], one: FoundTemplate): boolean => found.some((each) => isSame(each, one));

const missing = (dir: string, reason: string): BatonError =>
  new BatonError(`The prompt templates that ship are not in ${dir}: ${reason}.`, {
    code: 'template-missing',
    next: 'Install Baton anew. BATON_PROMPTS_DIR adds templates of your own, and does not stand in for them.',
  });
