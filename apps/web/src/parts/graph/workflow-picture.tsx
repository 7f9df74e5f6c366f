import '@xyflow/react/dist/base.css';
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  MarkerType,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import { type ReactElement, useMemo } from 'react';
import { seen } from '../plain-text.js';
import { bentThrough, type Placed, type Point, placedOf } from './layout.js';
import type { EdgeKind, PictureMachine } from './machine-picture.js';
import { type CardNode, type Chooser, ChooserContext, NodeCard } from './node-card.js';
import type { StateMarks } from './state-marks.js';

type BentEdge = Edge<{ readonly points: readonly Point[] }, 'bent'>;

const Bent = ({ id, data, style, markerEnd }: EdgeProps<BentEdge>): ReactElement => (
  <BaseEdge
    id={id}
    path={bentThrough(data?.points ?? [])}
    {...(style === undefined ? {} : { style })}
    {...(markerEnd === undefined ? {} : { markerEnd })}
  />
);

const NODE_TYPES = { card: NodeCard };
const EDGE_TYPES = { bent: Bent };
/** Smaller than this nobody reads it: then a part is shown, and the whole is a press away. */
const READABLE = 0.6;
const COMFORTABLE = 0.85;

const LINES: Readonly<Record<EdgeKind, { readonly stroke: string; readonly strokeDasharray?: string }>> = {
  next: { stroke: 'var(--quiet)' },
  choice: { stroke: 'var(--quiet)' },
  default: { stroke: 'var(--quiet)', strokeDasharray: '6 4' },
  catch: { stroke: 'var(--bad)', strokeDasharray: '2 3' },
};

const nodesOf = (placed: Placed, marks: StateMarks): CardNode[] =>
  placed.nodes.map(({ node, parentId, x, y, width, height }) => ({
    id: node.id,
    type: 'card',
    position: { x, y },
    width,
    height,
    data: { node, mark: marks.get(node.name) ?? null },
    ...(parentId === null ? {} : { parentId, extent: 'parent' as const }),
  }));

const edgesOf = (placed: Placed): BentEdge[] =>
  placed.edges.map(({ id, from, to, kind, points }) => ({
    id,
    type: 'bent',
    data: { points },
    source: from,
    target: to,
    ariaLabel: seen(`From ${from} to ${to}`),
    style: LINES[kind],
    markerEnd: { type: MarkerType.ArrowClosed, color: LINES[kind].stroke },
    focusable: false,
    zIndex: 0,
  }));

/** The whole where it can be read so; else what is at work, or where it starts. */
async function showFirst(
  flow: ReactFlowInstance<CardNode, BentEdge>,
  placed: Placed,
  marks: StateMarks,
): Promise<void> {
  await flow.fitView({ maxZoom: 1, minZoom: 0.1, padding: 0.06 });
  if (flow.getZoom() >= READABLE) return;
  const tops = placed.nodes.filter(({ parentId }) => parentId === null);
  const current = tops.find(({ node }) => marks.get(node.name)?.status === 'current');
  const shown = current ?? tops.find(({ node }) => node.isStart);
  if (shown === undefined) return;
  const below = current === undefined ? 260 : 0;
  await flow.setCenter(shown.x + shown.width / 2, shown.y + shown.height / 2 + below, { zoom: COMFORTABLE });
}

const NO_MARKS: StateMarks = new Map();

interface WorkflowPictureProps {
  readonly machine: PictureMachine;
  readonly label: string;
  readonly marks?: StateMarks;
  readonly chooser?: Chooser;
}

/** Imported lazily only: what draws it is a third of a page. Tab goes from state to state; the list beside it says the same. */
export function WorkflowPicture({ machine, label, marks = NO_MARKS, chooser }: WorkflowPictureProps): ReactElement {
  const placed = useMemo(() => placedOf(machine), [machine]);
  const nodes = useMemo(() => nodesOf(placed, marks), [placed, marks]);
  const edges = useMemo(() => edgesOf(placed), [placed]);
  const picture = (
    <section aria-label={label} className="h-[70vh] min-h-80 rounded-md border border-line bg-surface">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={(flow) => void showFirst(flow, placed, marks)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        preventScrolling={false}
        zoomOnScroll={false}
        panOnScroll={false}
        minZoom={0.1}
        proOptions={{ hideAttribution: true }}
      >
        <Background color="var(--line)" />
        <Controls
          showInteractive={false}
          className="flex gap-1 rounded border border-line bg-surface p-1 text-ink [&_button]:h-6 [&_button]:w-6 [&_button]:p-1 [&_svg]:fill-current"
        />
      </ReactFlow>
    </section>
  );
  return chooser === undefined ? picture : <ChooserContext value={chooser}>{picture}</ChooserContext>;
}
