/*
 * A state machine as nodes and edges, folded from the document itself. A document that is being edited may be half of one, so
 * whatever is not as the language wants it is left out here; the findings of validation say what is wrong with it.
 */

export interface PictureNode {
  /** Unique in the picture: names of states repeat where a document is wrong. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Who does it: the kind of worker, `approval`, a workflow; null where nobody is asked. */
  readonly worker: string | null;
  readonly isStart: boolean;
  /** The branches of a Parallel, or what a Map does with each item. */
  readonly inner: readonly PictureMachine[];
}

export type EdgeKind = 'next' | 'choice' | 'default' | 'catch';

interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

export interface PictureMachine {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

type Fields = Readonly<Record<string, unknown>>;

const NOTHING: PictureMachine = { nodes: [], edges: [] };
/** Deeper than any document that can be published. */
const MOST_LEVELS = 12;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The picture of a workflow document, or of what there is of one. */
export const pictureOf = (document: unknown): PictureMachine => machineOf(fieldsOf(document).definition, '', 0);

function machineOf(machine: unknown, prefix: string, level: number): PictureMachine {
  if (level > MOST_LEVELS) return NOTHING;
  const { StartAt, States } = fieldsOf(machine);
  const states = Object.entries(fieldsOf(States));
  const known = new Set(states.map(([name]) => name));
  return {
    nodes: states.map(([name, state]) => nodeOf(name, fieldsOf(state), { prefix, level, isStart: name === StartAt })),
    edges: states.flatMap(([name, state]) =>
      waysFrom(fieldsOf(state))
        .filter(({ to }) => known.has(to))
        .map(({ to, kind }) => ({ from: `${prefix}/${name}`, to: `${prefix}/${to}`, kind })),
    ),
  };
}

function nodeOf(
  name: string,
  state: Fields,
  at: { readonly prefix: string; readonly level: number; readonly isStart: boolean },
): PictureNode {
  const id = `${at.prefix}/${name}`;
  const machines = [...listOf(state.Branches), ...(state.ItemProcessor === undefined ? [] : [state.ItemProcessor])];
  return {
    id,
    name,
    type: textOf(state.Type) ?? 'State',
    worker: workerOf(textOf(state.Resource)),
    isStart: at.isStart,
    inner: machines
      .map((machine, index) => machineOf(machine, `${id}/${index}`, at.level + 1))
      .filter(({ nodes }) => nodes.length > 0),
  };
}

function workerOf(resource: string | null): string | null {
  if (resource === null) return null;
  return resource.replace(/^baton:(worker:)?/, '').replace(/^workflow:/, 'workflow ');
}

interface Way {
  readonly to: string;
  readonly kind: EdgeKind;
}

/** Where a state may lead, each way once: the first reason is the one that is drawn. */
function waysFrom(state: Fields): readonly Way[] {
  const all: readonly (readonly [unknown, EdgeKind])[] = [
    [state.Next, 'next'],
    ...listOf(state.Choices).map((choice) => [fieldsOf(choice).Next, 'choice'] as const),
    [state.Default, 'default'],
    ...listOf(state.Catch).map((caught) => [fieldsOf(caught).Next, 'catch'] as const),
  ];
  const ways = new Map<string, Way>();
  for (const [to, kind] of all) {
    if (typeof to === 'string' && !ways.has(to)) ways.set(to, { to, kind });
  }
  return [...ways.values()];
}

/** All nodes at any depth, in the order of the document, with the level that they stand at. */
export const nodesIn = (
  machine: PictureMachine,
  level = 0,
): readonly { readonly node: PictureNode; readonly level: number; readonly next: readonly string[] }[] =>
  machine.nodes.flatMap((node) => [
    { node, level, next: machine.edges.filter(({ from }) => from === node.id).map(({ to }) => nameAt(to)) },
    ...node.inner.flatMap((inner) => nodesIn(inner, level + 1)),
  ]);

const nameAt = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
