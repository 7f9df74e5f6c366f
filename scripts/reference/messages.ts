import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, GENERATED, page, sentence, table } from './markdown.js';
import { MEMBERS, memberRows } from './member-rows.js';
import { Schema } from './schema-words.js';
import { type Block, blocksIn, commentOf } from './source-blocks.js';
import { OF_MEMBERS } from './words.js';

const INTRODUCTION = `# Queues and messages

Baton's queues are BullMQ queues, on Postgres (schema \`bullmq\`) or on Redis (prefix \`baton\`): any BullMQ library in any language can add to them and take from them. A message is a job; its name says what it is, and its data is described here. The JSON Schemas themselves are in [\`schemas/\`](../../schemas) and at \`GET /v1/schemas\`.

| queue | who adds | who takes | messages |
|---|---|---|---|
| \`intake\` | the gateway, and [producers of yours](../using.md#straight-to-the-queue) | orchestrators | what people and programs ask for |
| \`worker-KIND\`, such as \`worker-planner\` | orchestrators | workers of that kind, [yours too](../using.md#a-worker-of-your-own) | tasks |
| \`results-0\`, \`results-1\`, \`results-lane-N\` | workers | orchestrators | what became of tasks |

A task names the queue for its result in \`replyTo\`. What cannot be taken goes to the dead letters with its reason (\`baton queue dead-letters\`), and is never dropped. In \`intake\` a member that is not known is refused; in tasks and results it is left out, so that versions can be mixed.`;

const QUEUES: readonly (readonly [prefix: string, title: string, jobs: string])[] = [
  ['intake', 'On `intake`', 'intakeMessages'],
  ['worker', 'On `worker-KIND`', 'workerMessages'],
  ['results', 'On `results-…`', 'resultMessages'],
];

/** By the name of a queue's table of jobs in the sources: the definition of each job. */
function definitions(queues: string, table: string): ReadonlyMap<string, string> {
  const body = new RegExp(`const ${table} = \\{([^}]*)\\}`).exec(queues)?.[1] ?? '';
  return new Map([...body.matchAll(/'?([\w-]+)'?: (\w+)/g)].map(([, job = '', name = '']) => [job, name]));
}

function contractsBlocks(folder: string): ReadonlyMap<string, Block> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return new Map(files.toSorted().flatMap((name) => [...blocksIn(readFileSync(join(folder, name), 'utf8'))]));
}

/** The page about all messages, from their schemas and what the sources say of them. */
export function messagesPage(root: string): string {
  const folder = join(root, 'libs/contracts/src');
  const blocks = contractsBlocks(folder);
  const queues = readFileSync(join(folder, 'queues.ts'), 'utf8');
  const files = readdirSync(join(root, 'schemas')).filter((name) => name.endsWith('.json'));
  const parts = QUEUES.flatMap(([prefix, title, jobs]) => {
    const names = definitions(queues, jobs);
    const own = files.filter((name) => name.startsWith(`${prefix}.`)).map((name) => name.slice(prefix.length + 1, -5));
    const ordered = [...[...names.keys()].filter((job) => own.includes(job)), ...own.filter((job) => !names.has(job))];
    return [
      `## ${title}`,
      ...ordered.map((job) => message(root, `${prefix}.${job}`, job, names.get(job) ?? 'MessageBundle', blocks)),
    ];
  });
  return page([GENERATED, INTRODUCTION, ...parts]);
}

function message(
  root: string,
  file: string,
  job: string,
  definition: string,
  blocks: ReadonlyMap<string, Block>,
): string {
  const schema = Schema.parse(JSON.parse(readFileSync(join(root, `schemas/${file}.json`), 'utf8')));
  const comment = (path: string): string => commentOf(blocks, definition, path) || (OF_MEMBERS[path] ?? '');
  return page([
    `### ${file}`,
    `The job ${code(job)}: [${code(`schemas/${file}.json`)}](../../schemas/${file}.json). ${sentence((blocks.get(definition)?.comment ?? '').replace(/^Job `[^`]*`(?: on `[^`]*`)?[:.]? ?/, ''))}`.trim(),
    table(MEMBERS, memberRows(schema, { depth: 3, comment })),
  ]).trim();
}
