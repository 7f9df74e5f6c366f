import { graphlib, layout } from '@dagrejs/dagre';
import type { EdgeKind, PictureMachine, PictureNode } from './machine-picture.js';

/** Where something stands, in pixels, from the upper left corner of what it is in. */
interface PlacedNode {
  readonly node: PictureNode;
  readonly parentId: string | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PlacedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** The way around what stands between, from the upper left corner of the whole picture. */
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Each group before what is in it. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const NODE_WIDTH = 190;
const NODE_HEIGHT = 58;
/** What a group needs above what is in it: its own name. */
const GROUP_HEAD = 62;
const GAP = 16;

/** Machines are laid out from the inside out: a group is a node of the size that its own machines need. */
export function placedOf(machine: PictureMachine): Placed {
  const insides = new Map(machine.nodes.map((node) => [node.id, insideOf(node)] as const));
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 44, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of machine.nodes) {
    const inside = insides.get(node.id) ?? null;
    graph.setNode(node.id, {
      width: inside === null ? NODE_WIDTH : Math.max(NODE_WIDTH, inside.width),
      height: inside === null ? NODE_HEIGHT : inside.height,
    });
  }
  for (const { from, to } of machine.edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: machine.nodes.flatMap((node) => {
      const { x, y, width: wide, height: high } = graph.node(node.id);
      const placed = { node, parentId: null, x: x - wide / 2, y: y - high / 2, width: wide, height: high };
      return [placed, ...(insides.get(node.id)?.nodes ?? [])];
    }),
    edges: [
      ...machine.edges.map(({ from, to, kind }) => ({
        id: `${from}→${to}`,
        from,
        to,
        kind,
        points: pointsOf(graph.edge(from, to)),
      })),
      ...machine.nodes.flatMap(({ id }) => {
        const { x, y, width: wide, height: high } = graph.node(id);
        return (insides.get(id)?.edges ?? []).map((edge) => moved(edge, x - wide / 2, y - high / 2));
      }),
    ],
  };
}

/** The machines of a group beside each other, below its name; null where it has none. */
function insideOf(node: PictureNode): Placed | null {
  if (node.inner.length === 0) return null;
  const machines = node.inner.map(placedOf);
  let left = GAP;
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  for (const placed of machines) {
    for (const each of placed.nodes) {
      const isTop = each.parentId === null;
      nodes.push(isTop ? { ...each, parentId: node.id, x: each.x + left, y: each.y + GROUP_HEAD } : each);
    }
    for (const edge of placed.edges) edges.push(moved(edge, left, GROUP_HEAD));
    left += placed.width + GAP;
  }
  return {
    width: left,
    height: GROUP_HEAD + Math.max(...machines.map(({ height }) => height)) + GAP,
    nodes,
    edges,
  };
}

const pointsOf = ({ points = [] }: { readonly points?: readonly Point[] }): readonly Point[] =>
  points.map(({ x, y }) => ({ x, y }));

const moved = (edge: PlacedEdge, x: number, y: number): PlacedEdge => ({
  ...edge,
  points: edge.points.map((point) => ({ x: point.x + x, y: point.y + y })),
});

/** A line through points, bent where it turns. */
export function bentThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1);
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    return `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`;
  });
  return [`M${first.x},${first.y}`, ...bends, ...(last === undefined ? [] : [`L${last.x},${last.y}`])].join(' ');
}
