import { assertNever } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { printable, shortened } from './printable.js';
import { type GraphMachine, type GraphState, type GraphTransition, graphOf } from './workflow-graph.js';

const MOST_OF_CONDITION = 60;
const INDENT = '  ';

/**
 * A workflow as a Mermaid flowchart. A Parallel or Map is a node, from which thick lines lead to the subgraphs of its
 * branches or of its processor; dashed lines are Catch. Phases are subgraphs, too.
 *
 * A state is a node even where it holds others: a line from a subgraph to itself cannot be laid out, and a Parallel may
 * catch its own error.
 */
export function toMermaid(document: WorkflowDocument): string {
  const graph = graphOf(document);
  const lines = [
    'flowchart TD',
    `${INDENT}start((start)) --> ${graph.start}`,
    ...drawMachine(graph, null, INDENT),
    ...allStates(graph).flatMap((state) => state.transitions.map((each) => INDENT + drawTransition(state, each))),
    ...allStates(graph).flatMap((state) =>
      state.machines.map(({ title, start }) => `${INDENT}${state.id} ==>|${label(title)}| ${start}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const allStates = (machine: GraphMachine): readonly GraphState[] =>
  machine.states.flatMap((state) => [state, ...state.machines.flatMap(allStates)]);

/** Its states, those of one phase together, each followed by the machines inside it. */
function drawMachine(machine: GraphMachine, around: string | null, indent: string): readonly string[] {
  const phases = new Set(machine.states.map(({ phase }) => phase));
  return [...phases].flatMap((phase, index) => {
    const states = machine.states.filter((state) => state.phase === phase);
    if (phase === null || phase === around) return states.flatMap((state) => drawState(state, around, indent));
    const inner = states.flatMap((state) => drawState(state, phase, indent + INDENT));
    return subgraph(`${machine.id}p${index}`, `phase ${phase}`, inner, indent);
  });
}

function drawState(state: GraphState, phase: string | null, indent: string): readonly string[] {
  const machines = state.machines.flatMap((machine) =>
    subgraph(machine.id, `${state.name}: ${machine.title}`, drawMachine(machine, phase, indent + INDENT), indent),
  );
  return [`${indent}${state.id}${shape(state)}`, ...machines];
}

const subgraph = (id: string, title: string, inner: readonly string[], indent: string): readonly string[] => [
  `${indent}subgraph ${id} [${label(title)}]`,
  ...inner,
  `${indent}end`,
];

function shape(state: GraphState): string {
  const { type } = state;
  const text = label(state.name, ...subtitles(state));
  switch (type) {
    case 'Task':
      return `[${text}]`;
    case 'Choice':
      return `{${text}}`;
    case 'Parallel':
    case 'Map':
      return `[[${text}]]`;
    case 'Pass':
    case 'Wait':
      return `(${text})`;
    case 'Succeed':
      return `([${text}])`;
    case 'Fail':
      return `{{${text}}}`;
    default:
      return assertNever(type);
  }
}

function subtitles({ type, asksFor, step, isEnd }: GraphState): readonly string[] {
  const what = type === 'Task' ? asksFor : type.toLowerCase();
  return [
    ...(step === null ? [] : [`${step.number} ${step.title}`]),
    ...(what === null || type === 'Choice' ? [] : [what]),
    ...(isEnd && type !== 'Succeed' && type !== 'Fail' ? ['end'] : []),
  ];
}

function drawTransition({ id }: GraphState, { kind, when, to }: GraphTransition): string {
  switch (kind) {
    case 'next':
      return `${id} --> ${to}`;
    case 'rule':
      return `${id} -->|${label(shortened(when, MOST_OF_CONDITION))}| ${to}`;
    case 'default':
      return `${id} -->|"default"| ${to}`;
    case 'catch':
      return `${id} -.->|${label(shortened(`catch ${when}`, MOST_OF_CONDITION))}| ${to}`;
    default:
      return assertNever(kind);
  }
}

/** A text in quotes, or several, below one another. */
const label = (...texts: readonly string[]): string => `"${texts.map(escapeLabel).join('<br/>')}"`;

/**
 * Mermaid looks for comments, directives, styles, icons, formulas, Markdown and HTML even inside quotes, so everything
 * that is not plainly harmless goes as the number of its character. A dash that begins a text and a dot that ends a word
 * would make a list of it; `direction LR` is a statement wherever it stands on a line.
 */
const HARMFUL = /^-|d(?=irection )|\.(?![\p{L}\p{N}])|\$(?=\$)|(?<=\$)\$|[^\p{L}\p{M}\p{N} ,./=?$…≤≥-]/gu;

function escapeLabel(text: string): string {
  const escaped = printable(text).replace(HARMFUL, (char) => `#${char.codePointAt(0)};`);
  // A label without anything to see would be no label.
  return escaped.trim() === '' ? '#160;' : escaped;
}
