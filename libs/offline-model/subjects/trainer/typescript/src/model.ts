/*
 * A classification tree. How deep it may be is found by cross-validation on the rows it is given, so that few rows do not make
 * a model sure of itself. The same table gives the same model: nothing is random.
 */

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

export interface Feature {
  readonly column: string;
  readonly kind: 'number' | 'category';
}

export interface Table {
  readonly target: string;
  readonly features: readonly Feature[];
  readonly rows: readonly Row[];
}

/** A question about one column. A row without an answer to it goes the way that most rows went. */
export interface Split {
  readonly column: string;
  readonly operator: 'atLeast' | 'is';
  readonly value: Cell;
  readonly usually: boolean;
  readonly yes: Node;
  readonly no: Node;
}

/** How many rows of the training ended here, and how many of them have the value that is predicted. */
export interface Leaf {
  readonly predicts: Cell;
  readonly rows: number;
  readonly right: number;
}

export type Node = Split | Leaf;

export interface Model {
  readonly target: string;
  readonly classes: readonly Cell[];
  readonly columns: readonly string[];
  readonly depth: number;
  readonly trainedOn: number;
  readonly tree: Node;
}

/** The shallowest of equally good ones is taken. */
const DEPTHS = [1, 2, 3, 4];
const FOLDS = 5;
/** Fewer rows than these are no reason for a split. */
const LEAST_ROWS = 3;

/** Learns from the rows that have a target. Throws where there is nothing to tell apart. */
export function train({ target, features, rows }: Table): Model {
  const usable = rows.filter((row) => isThere(row[target]));
  const classes = distinct(usable.map((row) => row[target] ?? null));
  if (classes.length < 2)
    throw new Error(`${target} has ${classes.length} values in ${usable.length} rows: there is nothing to tell apart`);
  const asked = features.filter(({ column }) => column !== target);
  const learn = (from: readonly Row[], depth: number): Model => {
    const tree = grow(from, { target, features: asked, depth });
    return { target, classes, columns: asked.map(({ column }) => column), depth, trainedOn: from.length, tree };
  };
  const scores = DEPTHS.map((depth) => rightWithin(usable, target, (from) => learn(from, depth)));
  return learn(usable, DEPTHS[scores.indexOf(Math.max(...scores))] ?? 1);
}

export function predict({ tree }: Model, row: Row): Cell {
  let node = tree;
  while ('column' in node) node = (answerOf(node, row) ?? node.usually) ? node.yes : node.no;
  return node.predicts;
}

const isThere = (cell: Cell | undefined): boolean => cell !== undefined && cell !== null && cell !== '';

const distinct = (cells: readonly Cell[]): readonly Cell[] =>
  [...new Set(cells)].sort((a, b) => (String(a) < String(b) ? -1 : 1));

/** How many rows are predicted rightly by models that were learnt without them. */
function rightWithin(rows: readonly Row[], target: string, learn: (from: readonly Row[]) => Model): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const rest = rows.filter((_, index) => index % FOLDS !== fold);
    if (rest.length === 0) continue;
    const model = learn(rest);
    right += rows.filter((row, index) => index % FOLDS === fold && predict(model, row) === row[target]).length;
  }
  return right;
}

type Question = Pick<Split, 'column' | 'operator' | 'value'>;

/** Null where the row has nothing to answer with. */
function answerOf({ column, operator, value }: Question, row: Row): boolean | null {
  const cell = row[column] ?? null;
  if (!isThere(cell)) return null;
  if (operator === 'is') return cell === value;
  return typeof cell === 'number' && typeof value === 'number' ? cell >= value : null;
}

interface Growing {
  readonly target: string;
  readonly features: readonly Feature[];
  readonly depth: number;
}

function grow(rows: readonly Row[], growing: Growing): Node {
  const { target, features, depth } = growing;
  const leaf = leafOf(rows, target);
  if (depth === 0 || leaf.right === leaf.rows) return leaf;
  let best: { readonly question: Question; readonly yes: readonly Row[]; readonly no: readonly Row[] } | null = null;
  let least = impurity(rows, target) * rows.length - 1e-9;
  for (const question of features.flatMap((feature) => questionsOf(feature, rows))) {
    const known = rows.filter((row) => answerOf(question, row) !== null);
    const yes = known.filter((row) => answerOf(question, row) === true);
    const no = known.filter((row) => answerOf(question, row) === false);
    if (yes.length < LEAST_ROWS || no.length < LEAST_ROWS) continue;
    const usually = yes.length >= no.length;
    const unknown = rows.filter((row) => answerOf(question, row) === null);
    const [withYes, withNo] = usually ? [[...yes, ...unknown], no] : [yes, [...no, ...unknown]];
    const cost = impurity(withYes, target) * withYes.length + impurity(withNo, target) * withNo.length;
    if (cost >= least) continue;
    least = cost;
    best = { question, yes: withYes, no: withNo };
  }
  if (best === null) return leaf;
  const { question, yes, no } = best;
  const deeper = { ...growing, depth: depth - 1 };
  return { ...question, usually: yes.length >= no.length, yes: grow(yes, deeper), no: grow(no, deeper) };
}

function leafOf(rows: readonly Row[], target: string): Leaf {
  const counts = countsOf(rows, target);
  const most = Math.max(0, ...counts.values());
  const predicts = [...counts].find(([, count]) => count === most)?.[0] ?? null;
  return { predicts, rows: rows.length, right: most };
}

function countsOf(rows: readonly Row[], target: string): ReadonlyMap<Cell, number> {
  const counts = new Map<Cell, number>();
  for (const row of rows) counts.set(row[target] ?? null, (counts.get(row[target] ?? null) ?? 0) + 1);
  return counts;
}

/** How probable it is that two rows, drawn with putting back, differ. */
function impurity(rows: readonly Row[], target: string): number {
  const shares = [...countsOf(rows, target).values()].map((count) => count / rows.length);
  return 1 - shares.reduce((sum, share) => sum + share * share, 0);
}

/** Cutting at more places than this would only learn the rows by heart. */
const MOST_CUTS = 40;

function questionsOf({ column, kind }: Feature, rows: readonly Row[]): readonly Question[] {
  const cells = rows.map((row) => row[column] ?? null).filter(isThere);
  if (kind === 'category') return distinct(cells).map((value) => ({ column, operator: 'is', value }));
  const numbers = [...new Set(cells.filter((cell) => typeof cell === 'number'))].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil((numbers.length - 1) / MOST_CUTS));
  return numbers
    .slice(1)
    .filter((_, index) => index % step === 0)
    .map((value) => ({ column, operator: 'atLeast', value }));
}
