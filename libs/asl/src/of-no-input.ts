type Node = { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/**
 * The names in a syntax tree of JSONata that are looked for in the input of the expression, which has none: `x`, `*`, `$`
 * and `$$` at its outside. Within a step of a path, a filter, a group or a transformation there is something to look in.
 */
export function namesOfNoInput(root: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const waiting: [node: unknown, hasInput: boolean][] = [[root, false]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, hasInput] = next;
    if (!isNode(node) || node instanceof RegExp || seen.has(node)) continue;
    seen.add(node);
    const name = inputName(node, hasInput);
    if (name !== null) found.add(name);
    waiting.push(...partsOf(node, hasInput));
  }
  return found;
}

function partsOf(node: Node, hasInput: boolean): [part: unknown, hasInput: boolean][] {
  const { steps, ...others } = node;
  const list: readonly unknown[] = Array.isArray(steps) ? steps : [];
  return [
    ...list.map((step, at): [unknown, boolean] => [step, hasInput || at > 0]),
    ...Object.entries(others).map(([key, part]): [unknown, boolean] => [part, hasInput || hasOwnInput(node, key)]),
  ];
}

/** The name by which a node asks for the input, where it does and there is none. */
function inputName({ type, value }: Node, hasInput: boolean): string | null {
  if (type === 'variable' && value === '$') return '$$';
  if (hasInput) return null;
  if (type === 'variable' && value === '') return '$';
  if (type === 'name' && typeof value === 'string') return value;
  if (type === 'wildcard') return '*';
  return type === 'descendant' ? '**' : null;
}

/** Whether a part of a node is evaluated for something that another part gives. */
const hasOwnInput = ({ type }: Node, key: string): boolean =>
  type === 'transform' || type === 'sort' || key === 'stages' || key === 'predicate' || key === 'group';
