/** What a flowchart says, read by a grammar that knows no more than what toMermaid may write. */
export interface ReadChart {
  /** The first line of each label, by id. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly edges: readonly ReadEdge[];
}

interface ReadEdge {
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly label: string;
}

// Quotes hold letters, numbers, a little punctuation, numbered characters, and the break between two lines.
const TEXT = String.raw`"((?:[\p{L}\p{M}\p{N} ,./=?$…≤≥-]|#\d+;|<br\/>)+)"`;
const NODE = new RegExp(
  String.raw`^(s\d+)(?:\[${TEXT}\]|\[\[${TEXT}\]\]|\(${TEXT}\)|\(\[${TEXT}\]\)|\{${TEXT}\}|\{\{${TEXT}\}\})$`,
  'u',
);
const EDGE = new RegExp(String.raw`^(s\d+) (-->|-\.->|==>)(?:\|${TEXT}\|)? (s\d+)$`, 'u');
const SUBGRAPH = new RegExp(String.raw`^subgraph (m\d+(?:p\d+)?) \[${TEXT}\]$`, 'u');

/** @throws Error for a line that is none of these, an id that is not unique, and an edge from or to nothing */
export function readMermaid(text: string): ReadChart {
  const [head, start, ...rest] = text.trimEnd().split('\n');
  if (head !== 'flowchart TD') throw new Error(`not a flowchart: ${head}`);
  const lines = rest.map((line) => readLine(line.trim()));
  const nodes = lines.filter((line) => line.type === 'node');
  const edges = lines.filter((line) => line.type === 'edge');
  const subgraphs = lines.filter((line) => line.type === 'subgraph');
  const ids = [...nodes, ...subgraphs].map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw new Error(`an id is declared twice: ${ids.join(' ')}`);
  if (lines.filter((line) => line.type === 'end').length !== subgraphs.length) throw new Error('a subgraph is open');
  const first = /^ {2}start\(\(start\)\) --> (s\d+)$/.exec(start ?? '')?.[1];
  const names = new Map(nodes.map(({ id, label }) => [id, label]));
  for (const id of [first, ...edges.flatMap(({ from, to }) => [from, to])]) {
    if (id === undefined || !names.has(id)) throw new Error(`an edge from or to ${id}, which is no node`);
  }
  return { nodes: names, edges };
}

type Line =
  | { readonly type: 'node'; readonly id: string; readonly label: string }
  | { readonly type: 'subgraph'; readonly id: string; readonly label: string }
  | ({ readonly type: 'edge' } & ReadEdge)
  | { readonly type: 'end' };

function readLine(line: string): Line {
  if (line === 'end') return { type: 'end' };
  const [, node, ...labels] = NODE.exec(line) ?? [];
  if (node !== undefined) {
    const label = labels.find((each) => each !== undefined)?.split('<br/>')[0];
    return { type: 'node', id: node, label: decode(label) };
  }
  const [, subgraph, title] = SUBGRAPH.exec(line) ?? [];
  if (subgraph !== undefined) return { type: 'subgraph', id: subgraph, label: decode(title) };
  const [, from, arrow, label, to] = EDGE.exec(line) ?? [];
  if (from === undefined || to === undefined || arrow === undefined) {
    throw new Error(`not a line of a flowchart: ${line}`);
  }
  return { type: 'edge', from, to, line: arrow, label: decode(label) };
}

const decode = (text = ''): string => text.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
