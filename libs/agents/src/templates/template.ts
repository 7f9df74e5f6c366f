import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { AGENT_WORKERS, BatonError, TemplateId, VariantName } from '@baton/contracts';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { isModelOutputName, type ModelOutputName, modelOutputs } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { DATA_SECTION, isSectionName, SECTION_NAMES, type SectionName, USUAL_SECTIONS } from './sections.js';

/** The agents a template can be written for. `advisor` answers at decision points of the hub, `prompt` any single question. */
const AgentName = z.enum(AGENT_WORKERS);
type AgentName = z.infer<typeof AgentName>;

/**
 * A prompt, taken apart. A placeholder alone on its line is a `block`: its value stands there between markers, as data.
 * A placeholder within a line is `inline`: only a number, a boolean or one plain word may stand there. A section is left
 * out unless its time has come; its parts hold no sections.
 */
export type TemplatePart = PlainPart | SectionPart;

export interface SectionPart {
  readonly type: 'section';
  readonly name: SectionName;
  readonly parts: readonly PlainPart[];
}

export type PlainPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'block'; readonly name: string }
  | { readonly type: 'inline'; readonly name: string };

/** A prompt template. `system` is constant, so that servers can cache it; only the prompt has placeholders. */
export interface Template {
  readonly id: string;
  /** One of several texts for the same task, of which a run has one. */
  readonly variant: string;
  /** How often it is taken beside the other variants. */
  readonly weight: number;
  readonly version: string;
  readonly agent: AgentName;
  readonly output: ModelOutputName;
  readonly title: string;
  readonly system: string;
  /** SHA-256 (hex) of the text that it was read from: what a result was asked for with can be told exactly. */
  readonly sha256: string;
  readonly parts: readonly TemplatePart[];
}

const FrontMatter = z.strictObject({
  id: TemplateId,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0'),
  agent: AgentName,
  output: z.string().refine(isModelOutputName, `expected one of ${Object.keys(modelOutputs).join(', ')}`),
  title: z.string().min(1),
  variant: VariantName.optional(),
  weight: z.number().min(0).max(1_000).default(1),
});

/** The variant of a file that names none. */
export const MAIN_VARIANT = 'main';

const FILE_NAME = /^(?<id>[a-z][a-z0-9_]{0,99})(?:\.(?<variant>[a-z][a-z0-9-]{0,39}))?\.md$/;

/** What the name of a file says: `<id>.md`, or `<id>.<variant>.md`; null where it is no name of a template. */
export function namesInFile(path: string): { readonly id: string; readonly variant: string } | null {
  const { id, variant = MAIN_VARIANT } = FILE_NAME.exec(basename(path))?.groups ?? {};
  return id === undefined ? null : { id, variant };
}

const FILE_SHAPE = /^---\n(?<frontMatter>[\s\S]*?)\n---\n+# System\n(?<system>[\s\S]*?)\n# Prompt\n(?<prompt>[\s\S]*)$/;

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads the text of `<id>.md` or `<id>.<variant>.md`, in whatever folder. Throws BatonError `template-broken`, which names the file and what is wrong with it. */
export function parseTemplate(fileName: string, text: string): Template {
  const groups = FILE_SHAPE.exec(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))?.groups;
  const { frontMatter = '', system = '', prompt = '' } = groups ?? {};
  if (groups === undefined) {
    throw broken(fileName, 'it must be front matter between two lines "---", then "# System" and "# Prompt"');
  }
  const head = parseFrontMatter(fileName, frontMatter);
  const names = namesInFile(fileName);
  if (head.id !== names?.id) {
    throw broken(fileName, `its id is ${head.id}; the file of a template is named <id>.md, or <id>.<variant>.md`);
  }
  const { variant } = names;
  if (basename(fileName) === `${head.id}.${MAIN_VARIANT}.md`) {
    throw broken(fileName, `the variant ${MAIN_VARIANT} is the one without a name of its own, ${head.id}.md`);
  }
  if (head.variant !== undefined && head.variant !== variant) {
    throw broken(fileName, `it says that it is the variant ${head.variant}, and its name says ${variant}`);
  }
  if (system.trim() === '' || prompt.trim() === '') throw broken(fileName, 'its System or Prompt part is empty');
  if (system.includes('{{'))
    throw broken(fileName, 'its System part holds "{{": placeholders belong into the Prompt part');
  const sha256 = sha256Of(text);
  return { ...head, variant, system: system.trim(), sha256, parts: parsePrompt(fileName, prompt.trim()) };
}

function parseFrontMatter(fileName: string, yaml: string): z.infer<typeof FrontMatter> & { output: ModelOutputName } {
  let value: unknown;
  try {
    value = parseYaml(yaml);
  } catch (error) {
    throw broken(fileName, 'its front matter is not YAML', error);
  }
  const head = FrontMatter.safeParse(value);
  if (!head.success) throw broken(fileName, `in its front matter, ${describeIssues(head.error).join('; ')}`);
  return head.data;
}

const PLACEHOLDER = /^(?<block>[ \t]*\{\{(?<blockName>[^{}\n]*)\}\}[ \t]*)$|\{\{(?<inlineName>[^{}\n]*)\}\}/gm;
const NAME = /^[a-z][A-Za-z0-9]*$/;

/** A section with the line end before it, so that a prompt without it is as if it had never stood there. */
const SECTION =
  /(?:^|\n)[ \t]*\{\{#(?<name>[^{}\n]*)\}\}[ \t]*(?<body>\n[\s\S]*?)\n[ \t]*\{\{\/\k<name>\}\}[ \t]*(?=\n|$)/g;

/** Takes a prompt's text apart at its sections and placeholders. Throws BatonError `template-broken`. */
export function parsePrompt(fileName: string, prompt: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of prompt.matchAll(SECTION)) {
    parts.push(...parsePlain(fileName, prompt.slice(end, match.index)));
    const section = parseSection(fileName, match.groups?.name ?? '', match.groups?.body ?? '');
    if (parts.some((part) => part.type === 'section' && part.name === section.name)) {
      throw broken(fileName, `the section {{#${section.name}}} appears twice`);
    }
    parts.push(section);
    end = match.index + match[0].length;
  }
  parts.push(...parsePlain(fileName, prompt.slice(end)));
  const blocks = parts.flatMap((part) => (part.type === 'block' ? [part.name] : []));
  const twice = blocks.find((name, index) => blocks.indexOf(name) !== index);
  if (twice !== undefined) throw broken(fileName, `the block {{${twice}}} appears twice`);
  return parts;
}

function parseSection(fileName: string, name: string, body: string): SectionPart {
  if (!isSectionName(name)) {
    throw broken(fileName, `there is no section {{#${name}}}; the sections are ${SECTION_NAMES.join(', ')}`);
  }
  const parts = parsePlain(fileName, body);
  const shown = parts.flatMap((part) => (part.type === 'text' ? [] : [`${part.type} ${part.name}`]));
  const expected = name === DATA_SECTION ? [`block ${DATA_SECTION}`] : [];
  if (shown.join() !== expected.join()) {
    const rule =
      expected.length === 0 ? 'holds no placeholder' : `shows {{${DATA_SECTION}}} once, on a line of its own`;
    throw broken(fileName, `the section {{#${name}}} ${rule}`);
  }
  return { type: 'section', name, parts };
}

/** The section for a template that has none of that name. */
export const usualSection = (name: SectionName): SectionPart =>
  parseSection('of the usual sections', name, USUAL_SECTIONS[name]);

function parsePlain(fileName: string, text: string): readonly PlainPart[] {
  const parts: PlainPart[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const { block, blockName, inlineName } = match.groups ?? {};
    const name = blockName ?? inlineName ?? '';
    if (!NAME.test(name)) throw broken(fileName, `the placeholder ${match[0].trim()} is not of the form {{name}}`);
    pushText(fileName, parts, text.slice(end, match.index));
    parts.push({ type: block === undefined ? 'inline' : 'block', name });
    end = match.index + match[0].length;
  }
  pushText(fileName, parts, text.slice(end));
  return parts;
}

function pushText(fileName: string, parts: PlainPart[], text: string): void {
  if (text.includes('{{') || text.includes('}}')) {
    throw broken(fileName, `"{{" or "}}" without its partner near ${JSON.stringify(text.trim().slice(-60))}`);
  }
  if (text !== '') parts.push({ type: 'text', text });
}

/** The names of a template's placeholders, each once; what sections show is not the task's to give. */
export const placeholdersOf = (template: Template): readonly string[] => [
  ...new Set(template.parts.flatMap((part) => (part.type === 'block' || part.type === 'inline' ? [part.name] : []))),
];

const broken = (fileName: string, reason: string, cause?: unknown): BatonError =>
  new BatonError(`The prompt template ${fileName} cannot be used: ${reason}.`, {
    code: 'template-broken',
    next: 'Correct the file, or restore it from the release, and start again.',
    cause,
  });
