import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf, code, GENERATED, page, sentence, table } from './markdown.js';
import { MEMBERS, memberRows } from './member-rows.js';
import { Schema, typeWords } from './schema-words.js';

const INTRODUCTION = `# The workflow document

A workflow is a document in YAML or JSON: a state machine in Amazon States Language, and around it what Baton needs to know. This page lists every member. [How to read and write one](../../workflows/README.md) says how they go together; \`baton workflow validate FILE\` names each mistake with its line, and with \`# yaml-language-server: $schema=…\` an editor knows [the schema](../../schemas/workflow-document.json) this page is made of.`;

const STATES = ['Task', 'Choice', 'Parallel', 'Map', 'Pass', 'Wait', 'Succeed', 'Fail'];

/** Parts that several states have. */
const PARTS: readonly (readonly [definition: string, title: string])[] = [
  ['Retrier', 'A rule of Retry'],
  ['Catcher', 'A rule of Catch'],
  ['Rule', 'A rule of Choices'],
  ['Test', 'What And, Or and Not hold'],
  ['ItemBatcher', 'ItemBatcher'],
];

const LANGUAGES = ['JSONata', 'JSONPath'] as const;
type Definitions = Readonly<Record<string, Schema>>;

const titleOf = (definition: string): string | undefined => {
  const bare = definition.replace(/^JSON(ata|Path)\./, '');
  if (STATES.includes(bare)) return bare;
  return bare === 'Resource' ? 'Resource' : PARTS.find(([name]) => name === bare)?.[1];
};

const WORDS: Readonly<Record<string, string>> = {
  Definition: 'a state machine',
  Processor: 'a state machine',
  Branch: 'a state machine',
  State: 'a state',
  InputSchema: 'JSON Schema',
};

function link(reference: string): string {
  const definition = reference.replace('#/$defs/', '');
  const title = titleOf(definition);
  if (title !== undefined) return `[${title}](#${anchorOf(title)})`;
  return WORDS[definition.replace(/^JSON(ata|Path)\./, '')] ?? definition;
}

/** The page about the members of a workflow document, from its schema. */
export function workflowDocumentPage(root: string): string {
  const schema = Schema.parse(JSON.parse(readFileSync(join(root, 'schemas/workflow-document.json'), 'utf8')));
  const definitions = schema.$defs ?? {};
  const outer = Object.entries(schema.properties ?? {});
  return page([
    GENERATED,
    INTRODUCTION,
    '## The document',
    table(MEMBERS, memberRows({ ...schema, properties: schema.properties }, { depth: 1, link })),
    ...outer.flatMap(([name, member]) => {
      const rows = memberRows({ properties: { [name]: member } }, { depth: 5, link }).slice(1);
      const isPlain = member.$ref !== undefined || rows.length === 0;
      return isPlain ? [] : [`### ${code(name)}`, sentence(member.description ?? ''), table(MEMBERS, rows)];
    }),
    '## The state machine',
    'The `definition`, each branch of a Parallel and the `ItemProcessor` of a Map.',
    inBothLanguages('Machine', definitions),
    '## States',
    'Where a member is for one language only, the column says so: JSONata is usual, JSONPath is for machines with `QueryLanguage: JSONPath`.',
    ...STATES.flatMap((name) => [`### ${name}`, inBothLanguages(name, definitions)]),
    '## Resource',
    'Who does a Task.',
    table(['value', 'what it is'], (definitions.Resource?.anyOf ?? []).map(resourceRow)),
    '## What states share',
    ...PARTS.flatMap(([name, title]) => [`### ${title}`, inBothLanguages(name, definitions)]),
  ]);
}

function resourceRow({ const: value, pattern, description = '' }: Schema): readonly string[] {
  const text = typeof value === 'string' ? value : `${(pattern ?? '').replace(/^\^/, '')}…`;
  return [code(text), sentence(description)];
}

/** The members of a definition, or of the two that it is in the two languages, as one table. */
function inBothLanguages(name: string, definitions: Definitions): string {
  const plain = definitions[name];
  if (plain?.properties !== undefined) return table(MEMBERS, memberRows(plain, { depth: 2, link }));
  const [first, second] = LANGUAGES.map((language) => definitions[`${language}.${name}`]?.properties ?? {});
  const members = [...new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})])];
  const rows = members.map((member) => {
    const own = first?.[member] ?? second?.[member] ?? {};
    const only = first?.[member] === undefined ? 'JSONPath' : second?.[member] === undefined ? 'JSONata' : '';
    const required = LANGUAGES.some((language) => definitions[`${language}.${name}`]?.required?.includes(member));
    return [
      code(member),
      typeWords(own, link),
      required ? 'yes' : '',
      first !== undefined && Object.keys(first).length > 0 && second !== undefined && Object.keys(second).length > 0
        ? only
        : '',
      sentence(own.description ?? said(own, definitions)),
    ];
  });
  return table(['member', 'type', 'required', 'only in', 'what it is'], rows);
}

const said = ({ $ref }: Schema, definitions: Definitions): string =>
  $ref === undefined ? '' : (definitions[$ref.replace('#/$defs/', '')]?.description ?? '');
