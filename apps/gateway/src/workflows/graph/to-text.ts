import { assertNever } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { printable, shortened } from './printable.js';
import { type GraphMachine, type GraphState, type GraphTransition, graphOf } from './workflow-graph.js';

const MOST_OF_CONDITION = 100;
const INDENT = '  ';

/** A workflow as an indented list for a terminal: each state with what it is, then the ways on, in the order they are tried. */
export function toText(document: WorkflowDocument): string {
  const { name, version, title } = document;
  return `${[`${name}@${version}: ${printable(title)}`, '', ...drawMachine(graphOf(document), '')].join('\n')}\n`;
}

function drawMachine(machine: GraphMachine, indent: string): readonly string[] {
  const names = new Map(machine.states.map((state) => [state.id, printable(state.name)]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  return [
    `${indent}start → ${nameOf(machine.start)}`,
    ...machine.states.flatMap((state) => [
      `${indent}${nameOf(state.id)} (${factsOf(state).map(printable).join(' · ')})`,
      ...state.machines.flatMap((inner) => [
        `${indent}${INDENT}${inner.title}`,
        ...drawMachine(inner, indent + INDENT + INDENT),
      ]),
      ...state.transitions.map((each) => `${indent}${INDENT}${describeWay(each)} → ${nameOf(each.to)}`),
      ...(state.isEnd ? [`${indent}${INDENT}end`] : []),
    ]),
  ];
}

const factsOf = ({ type, asksFor, step, phase }: GraphState): readonly string[] => [
  type,
  ...(asksFor === null ? [] : [asksFor]),
  ...(step === null ? [] : [`step ${step.number} ${step.title}`]),
  ...(phase === null ? [] : [`phase ${phase}`]),
];

function describeWay({ kind, when }: GraphTransition): string {
  const text = shortened(printable(when), MOST_OF_CONDITION);
  switch (kind) {
    case 'next':
      return 'next';
    case 'rule':
      return `when ${text}`;
    case 'default':
      return 'default';
    case 'catch':
      return `catch ${text}`;
    default:
      return assertNever(kind);
  }
}
