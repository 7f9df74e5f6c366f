/** What the evaluator has to know about an expression before it runs it. */
export interface Syntax {
  /** Variable names that are called: `sum` of `$sum(x)`. */
  readonly calls: ReadonlySet<string>;
  /**
   * Whether a call may meet something that is no function: the callee is no variable, or a variable that the expression
   * itself binds. JSONata then writes `token` and `position` onto the callee before it complains, so the caller must
   * hand it a copy of the data.
   */
  readonly mayCallData: boolean;
  /** Variables and functions that it names and does not bind itself. */
  readonly names: ReadonlySet<string>;
  /** What it reads of `$states`: `input` of `$states.input.x`. */
  readonly stateFields: ReadonlySet<string>;
  /** Whether `$states` stands somewhere by itself, so that it may read any of it. */
  readonly readsAllStates: boolean;
  /** The first regular expression that could run for ever on a short text, if any. */
  readonly unsafeRegex: string | null;
}

type Node = { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Walks the syntax tree of JSONata, whose shape its types do not fully describe. */
export function inspectSyntax(root: unknown): Syntax {
  const found: Found = {
    calls: new Set(),
    bound: new Set(),
    named: new Set(),
    stateFields: new Set(),
    fieldReads: new Set(),
    readsAllStates: false,
    callsOther: false,
    unsafeRegex: null,
  };
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (!isNode(node) || seen.has(node)) continue;
    seen.add(node);
    if (node instanceof RegExp) {
      if (repeatsRepetition(node.source)) found.unsafeRegex ??= `/${node.source}/`;
      continue;
    }
    inspectNode(node, found);
    waiting.push(...Object.values(node));
  }
  const { calls, bound, named, stateFields, readsAllStates, callsOther, unsafeRegex } = found;
  return {
    calls,
    mayCallData: callsOther || [...calls].some((name) => bound.has(name)),
    names: new Set([...named].filter((name) => !bound.has(name))),
    stateFields,
    readsAllStates,
    unsafeRegex,
  };
}

interface Found {
  readonly calls: Set<string>;
  readonly bound: Set<string>;
  readonly named: Set<string>;
  readonly stateFields: Set<string>;
  /** The `$states` of paths that go on with one of its fields. */
  readonly fieldReads: Set<unknown>;
  readsAllStates: boolean;
  callsOther: boolean;
  unsafeRegex: string | null;
}

function inspectNode(node: Node, found: Found): void {
  if (node.type === 'function' || node.type === 'partial') {
    const name = variableName(node.procedure);
    if (name !== null) found.calls.add(name);
    else if (!isLambda(node.procedure)) found.callsOther = true;
  }
  noteNames(node, found);
  if (node.type === 'bind') collectName(node.lhs, found.bound);
  if (node.type === 'lambda' && Array.isArray(node.arguments)) {
    for (const argument of node.arguments) collectName(argument, found.bound);
  }
  if (typeof node.focus === 'string') found.bound.add(node.focus);
  if (typeof node.index === 'string') found.bound.add(node.index);
}

function noteNames(node: Node, found: Found): void {
  const { named, stateFields, fieldReads } = found;
  // `$` is the variable of the empty name, `$$` that of the name `$`.
  const name = variableName(node);
  if (name !== null && name !== '' && name !== '$') named.add(name);
  if (name === 'states' && !fieldReads.has(node)) found.readsAllStates = true;
  if (node.type === 'path' && Array.isArray(node.steps)) {
    const [first, second] = node.steps;
    if (variableName(first) === 'states' && isNode(second) && typeof second.value === 'string') {
      stateFields.add(second.value);
      // A path is met before its steps. A filter on the first of them sees everything.
      if (second.type === 'name' && !Object.hasOwn(Object(first), 'predicate')) fieldReads.add(first);
    }
  }
}

const variableName = (node: unknown): string | null =>
  isNode(node) && node.type === 'variable' && typeof node.value === 'string' ? node.value : null;

const isLambda = (node: unknown): boolean => isNode(node) && node.type === 'lambda';

function collectName(node: unknown, into: Set<string>): void {
  const name = variableName(node);
  if (name !== null) into.add(name);
}

/**
 * Whether an unbounded repetition stands inside another one, as in `(a+)*`: the shape that makes a backtracking engine
 * take exponential time. Nothing can stop JavaScript's engine once it runs, so such an expression is refused unrun.
 */
export function repeatsRepetition(source: string): boolean {
  // Escapes and character classes cannot hold a group or a repetition: one letter stands for each.
  const plain = source.replace(/\\./gs, 'e').replace(/\[[^\]]*\]/g, 'c');
  const outer: boolean[] = [];
  let repeats = false;
  for (let i = 0; i < plain.length; i += 1) {
    if (plain[i] === '(') {
      outer.push(repeats);
      repeats = false;
    } else if (plain[i] === ')') {
      const repeated = isUnboundedRepeat(plain, i + 1);
      if (repeats && repeated) return true;
      const before = outer.pop() ?? false;
      repeats = repeats || repeated || before;
    } else if (isUnboundedRepeat(plain, i)) repeats = true;
  }
  return false;
}

const isUnboundedRepeat = (source: string, at: number): boolean => /^(?:[*+]|\{\d+,\})/.test(source.slice(at, at + 12));
