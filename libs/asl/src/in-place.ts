import { FUNCTIONS_IN_PLACE, type Reach } from './functions-in-place.js';

/*
 * Which expressions may be evaluated where nothing can stop them. The list is of what is known, and not of what is feared:
 * an expression has its place here only where its syntax tree holds nothing but nodes and functions that were looked at one
 * by one, whose cost is at most linear in what they are given, and is charged. What nobody thought of goes to a thread.
 */

/** A place outside that an expression reads: a variable, and names and indices from there on. */
export interface Read {
  readonly variable: string;
  readonly steps: readonly (string | number)[];
  readonly reach: Exclude<Reach, 'carried'>;
}

type Node = { readonly [key: string]: unknown };

/** @returns what an expression goes into, or null where it holds what is not on the list */
export function readsInPlace(root: unknown): readonly Read[] | null {
  const reads: Read[] = [];
  try {
    return isAudited(root, 'carried', reads) ? reads : null;
  } catch (thrown) {
    // Nested so deeply that it cannot be looked at from here: then it need not be evaluated here either.
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What bends the way through data: grouping, joins by `@` and `#`, and the parent. */
const BENDING = ['group', 'focus', 'index', 'tuple', 'ancestor', 'seekingParent'] as const;

function isAudited(node: unknown, reach: Reach, reads: Read[]): boolean {
  if (!isNode(node) || BENDING.some((name) => node[name] !== undefined)) return false;
  // A path looks at its steps by itself, and at what is filtered there.
  if (node.type === 'path') return isAuditedPath(node, reach, reads);
  if (node.stages !== undefined) return false;
  if (node.predicate === undefined) return isAuditedNode(node, reach, reads);
  const indices = indicesOf(node.predicate);
  if (isVariable(node) && indices !== null) return note(node, indices, reach, reads);
  return isAuditedNode(node, 'walked', reads) && areFilters(node.predicate, reads);
}

const areFilters = (stages: unknown, reads: Read[]): boolean =>
  stages === undefined ||
  (Array.isArray(stages) &&
    stages.every(
      (stage: unknown) => isNode(stage) && stage.type === 'filter' && isAudited(stage.expr, 'walked', reads),
    ));

function isAuditedNode(node: Node, reach: Reach, reads: Read[]): boolean {
  const all = (nodes: unknown, as: Reach): boolean => listOf(nodes).every((each) => isAudited(each, as, reads));
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
    case 'name':
      return true;
    case 'variable':
      return note(node, [], reach, reads);
    case 'binary':
      return isAuditedOperator(node, reads);
    case 'unary':
      if (node.value === '[') return all(node.expressions, reach);
      if (node.value === '{') return arePairs(node.lhs, reach, reads);
      return node.value === '-' && isAudited(node.expression, 'walked', reads);
    case 'condition':
      if (!isAudited(node.condition, 'members', reads) || !isAudited(node.then, reach, reads)) return false;
      return node.else === undefined || isAudited(node.else, reach, reads);
    case 'block':
      return all(listOf(node.expressions).slice(0, -1), 'walked') && all(listOf(node.expressions).slice(-1), reach);
    case 'bind':
      return isVariable(node.lhs) && isAudited(node.rhs, 'walked', reads);
    case 'lambda':
      // What a function ends with is wrapped in one more, so that it takes no place on the stack.
      return node.thunk === true && isAudited(node.body, reach, reads);
    case 'function':
      return isAuditedCall(node, listOf(node.arguments), reads);
    case 'apply':
      // `list ~> $map(…)`: the first argument stands before the call.
      if (!isNode(node.rhs) || node.rhs.type !== 'function' || node.rhs.predicate !== undefined) return false;
      return isAuditedCall(node.rhs, [node.lhs, ...listOf(node.rhs.arguments)], reads);
    default:
      return false;
  }
}

const arePairs = (pairs: unknown, reach: Reach, reads: Read[]): boolean =>
  listOf(pairs).every((pair) => {
    const [key, value] = listOf(pair);
    return isAudited(key, 'walked', reads) && isAudited(value, reach, reads);
  });

const isVariable = (node: unknown): node is Node => isNode(node) && node.type === 'variable';

/** `$` and `$$` are what was found on the way, or nothing. */
function note(variable: Node, steps: Read['steps'], reach: Reach, reads: Read[]): boolean {
  const { value } = variable;
  if (typeof value !== 'string') return false;
  if (reach !== 'carried' && value !== '' && value !== '$') reads.push({ variable: value, steps, reach });
  return true;
}

/** A variable and what comes after it, as far as that is names and indices; the rest is looked at step by step. */
function isAuditedPath({ steps }: Node, reach: Reach, reads: Read[]): boolean {
  const [first, ...rest] = listOf(steps);
  const indices = isNode(first) ? indicesOf(first.predicate) : null;
  const isRooted = isVariable(first) && first.stages === undefined && indices !== null;
  const known: (string | number)[] = [...(indices ?? [])];
  let at = 0;
  for (; isRooted && at < rest.length; at += 1) {
    const step = stepOf(rest[at]);
    if (step === null) break;
    known.push(...step);
  }
  // Of a name with a filter, the name is known.
  const filtered = rest[at];
  if (isNode(filtered) && filtered.type === 'name' && typeof filtered.value === 'string') known.push(filtered.value);
  if (isRooted && at === rest.length) return isPlainStep(first) && note(first, known, reach, reads);
  if (isRooted && !(isPlainStep(first) && note(first, known, 'walked', reads))) return false;
  return (isRooted ? rest.slice(at) : [first, ...rest]).every((step) => isAuditedStep(step, reads));
}

const isPlainStep = (node: Node): boolean => BENDING.every((name) => node[name] === undefined);

/** A name, with the indices behind it. Null where it is more than that. */
function stepOf(node: unknown): readonly (string | number)[] | null {
  if (!isNode(node) || node.type !== 'name' || typeof node.value !== 'string' || !isPlainStep(node)) return null;
  const indices = indicesOf(node.stages);
  return indices === null ? null : [node.value, ...indices];
}

/** The numbers in brackets behind a step. Null where something else is there. */
function indicesOf(stages: unknown): readonly number[] | null {
  const indices: number[] = [];
  for (const stage of listOf(stages)) {
    const index = isNode(stage) && stage.type === 'filter' ? literalOf(stage.expr) : null;
    if (index === null) return null;
    indices.push(index);
  }
  return indices;
}

function isAuditedStep(node: unknown, reads: Read[]): boolean {
  if (!isNode(node) || !isPlainStep(node) || !areFilters(node.stages, reads)) return false;
  return isAudited(node.stages === undefined ? node : { ...node, stages: undefined }, 'walked', reads);
}

/** How an operator looks at its operands. */
const OPERATORS: ReadonlyMap<unknown, Reach> = new Map([
  ...(['=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '&'] as const).map((operator): [string, Reach] => [
    operator,
    'walked',
  ]),
  ...(['and', 'or', 'in'] as const).map((operator): [string, Reach] => [operator, 'members']),
]);
const MOST_OF_RANGE = 1_000;

function isAuditedOperator({ value, lhs, rhs }: Node, reads: Read[]): boolean {
  const reach = OPERATORS.get(value);
  if (reach !== undefined) return isAudited(lhs, reach, reads) && isAudited(rhs, reach, reads);
  const [first, last] = [literalOf(lhs), literalOf(rhs)];
  return value === '..' && first !== null && last !== null && last - first <= MOST_OF_RANGE;
}

const literalOf = (node: unknown): number | null =>
  isNode(node) && node.type === 'number' && node.predicate === undefined && typeof node.value === 'number'
    ? node.value
    : null;

function isAuditedCall({ procedure, predicate, stages }: Node, args: readonly unknown[], reads: Read[]): boolean {
  if (stages !== undefined || !areFilters(predicate, reads) || !isVariable(procedure)) return false;
  const { value: name } = procedure;
  const known = typeof name === 'string' ? FUNCTIONS_IN_PLACE.get(name) : undefined;
  if (known === undefined || procedure.predicate !== undefined || args.length > known.most) return false;
  return args.every((argument, at) =>
    known.callsAt === at ? isAuditedLambda(argument, reads) : isAudited(argument, known.reach, reads),
  );
}

/** A function that is written where it is called: whatever else may be called is not known before. */
function isAuditedLambda(node: unknown, reads: Read[]): boolean {
  if (!isNode(node) || node.type !== 'lambda' || node.signature !== undefined || node.thunk === true) return false;
  return isAudited(node.body, 'walked', reads);
}
