import { type Json, JsonObject } from '@baton/contracts';
import type { ModelRequest, ToolCall } from '@baton/llm';

/** What the scripted model says at this point of a conversation. */
export interface Said {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
}

/**
 * Plays an answer that is known from the start as a conversation: looks around, writes the files of it, runs what may be
 * run, and hands in the rest. The number of earlier turns says where it stands, so the same request gives the same words.
 */
export function sayWithTools(request: ModelRequest, answer: JsonObject): Said {
  const turn = request.turns?.length ?? 0;
  const steps = stepsFor(request, answer);
  const step = steps[Math.min(turn, steps.length - 1)];
  const calls = step?.calls ?? [];
  return {
    text: step?.text ?? '',
    toolCalls: calls.map(({ name, input }, index) => ({ id: `offline-${turn}-${index}`, name, input })),
  };
}

/** The files that it has seen in the workspace: what its first turn, a look around, was told. */
export function filesSeen({ turns = [] }: ModelRequest): readonly { readonly path: string }[] {
  const [first] = turns;
  const list = first?.content.find(({ type, name }) => type === 'tool_use' && name === 'list')?.id;
  const outcomes = first?.outcomes.filter(({ callId }) => callId === list) ?? [];
  const lines = outcomes.flatMap(({ text }) => text.split('\n'));
  return lines.flatMap((line) => {
    const path = /^(.+) {2}\d+$/.exec(line)?.[1];
    return path === undefined ? [] : [{ path }];
  });
}

interface Step {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: Json }[];
}

function stepsFor(request: ModelRequest, answer: JsonObject): readonly Step[] {
  const { tools = [], variables } = request;
  const has = (name: string): boolean => tools.some((tool) => tool.name === name);
  const calls = [
    ...(has('list') ? [{ name: 'list', input: {} }] : []),
    ...(has('knowledge_search') ? [{ name: 'knowledge_search', input: { query: subjectIn(variables) } }] : []),
  ];
  const look: Step[] = calls.length === 0 ? [] : [{ text: 'I look at what is there.', calls }];
  const rest = has('write') ? withoutFiles(answer) : answer;
  const finish: Step = { text: 'I hand in my answer.', calls: [{ name: 'finish', input: rest }] };
  if (!has('write')) return [...look, ...(has('ask') ? questionsIn(request) : []), finish];
  const write: Step = { text: 'I write the files.', calls: changesOf(answer) };
  // What it wrote at first has honest mistakes, which the tests find: they are for the validator to run.
  const checks = checksOf(tools).filter((check) => 'toolReport' in variables || check !== 'tests');
  const run: Step[] =
    checks.length === 0
      ? []
      : [{ text: 'I run the checks.', calls: checks.map((check) => ({ name: 'run', input: { check } })) }];
  return [...look, ...(write.calls.length === 0 ? [] : [write]), ...run, finish];
}

/**
 * A script has no doubts of its own. It asks what the requirements tell it to, one after the other, in lines that begin with
 * `Ask me:`, before the first plan.
 */
function questionsIn({ agent, variables }: ModelRequest): readonly Step[] {
  const { requirements, review } = variables;
  if (agent !== 'planner' || review !== undefined || typeof requirements !== 'string') return [];
  return [...requirements.matchAll(/^\W*Ask me: *(\S.*)$/gm)].map(([, text = '']) => ({
    text: 'I was told to ask.',
    calls: [{ name: 'ask', input: { text } }],
  }));
}

/** The words of the requirements that say what they are about: of their first line that has some. */
function subjectIn({ requirements }: JsonObject): string {
  const lines = typeof requirements === 'string' ? requirements.split('\n') : [];
  const words = lines.map((line) => line.replace(/[^\p{L}\p{N}\s]/gu, ' ').trim()).find((line) => line !== '');
  return (words ?? 'overview').slice(0, 200);
}

/** The parts of an answer that are files, which the tools have put in place. */
function withoutFiles(answer: JsonObject): JsonObject {
  const { files: _, changedFiles: __, removedFiles: ___, ...rest } = answer;
  return rest;
}

function changesOf({ files, changedFiles, removedFiles }: JsonObject): Step['calls'] {
  return [
    ...listOf(files ?? changedFiles).map((input) => ({ name: 'write', input })),
    ...listOf(removedFiles).map((path) => ({ name: 'delete', input: { path } })),
  ];
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The names that the tool `run` takes. */
function checksOf(tools: NonNullable<ModelRequest['tools']>): readonly string[] {
  const schema = tools.find(({ name }) => name === 'run')?.inputSchema;
  const properties = objectOf(schema?.properties);
  return listOf(objectOf(properties.check).enum).filter((name) => typeof name === 'string');
}

const objectOf = (value: Json | undefined): JsonObject => JsonObject.safeParse(value).data ?? {};
