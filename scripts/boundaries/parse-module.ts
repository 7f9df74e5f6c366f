import { parseAst } from 'rolldown/parseAst';

/** A module that another one asks for. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** A use of something that pure code must not touch, such as `Date.now` or `process`. */
export interface ImpureUse {
  readonly what: string;
  readonly line: number;
}

export interface ModuleFacts {
  readonly imports: readonly Import[];
  /** Packages found by `require.resolve('x/…')` or `import.meta.resolve('x')`: used, but not imported. */
  readonly resolved: readonly string[];
  readonly impure: readonly ImpureUse[];
  readonly readsEnvironment: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Every node below this one, itself first, each with its parent and the field it stands in. */
function* walk(
  node: Node,
  parent: Node | null = null,
  field = '',
): Generator<{ node: Node; parent: Node | null; field: string }> {
  yield { node, parent, field };
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child, node, key);
  }
}

const literal = (value: unknown): string | null =>
  isNode(value) && value.type === 'Literal' && typeof value.value === 'string' ? value.value : null;

const nameOf = (value: unknown): string | null =>
  isNode(value) && value.type === 'Identifier' && typeof value.name === 'string' ? value.name : null;

/** The module a node asks for: imports and re-exports in every form, types included. */
function specifierOf(node: Node): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source) ?? literal(node.argument);
    case 'TSExternalModuleReference':
      return literal(node.expression);
    default:
      return null;
  }
}

function resolvedBy(node: Node): string | null {
  if (node.type !== 'CallExpression' || !isNode(node.callee) || !Array.isArray(node.arguments)) return null;
  const isResolve = node.callee.type === 'MemberExpression' && nameOf(node.callee.property) === 'resolve';
  return isResolve ? literal(node.arguments[0]) : null;
}

const IMPURE_NAMES = new Set([
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'globalThis',
  'fetch',
]);
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random']);
const WITH_NAMES = new Set(['MemberExpression', 'Property', 'PropertyDefinition', 'MethodDefinition']);

/** Whether an identifier stands for a value, rather than naming a property or a type. */
function isValue(parent: Node | null, field: string): boolean {
  if (parent === null) return true;
  if (parent.type.startsWith('TS')) return field === 'expression'; // `process as unknown` is a value
  const isName = (field === 'property' || field === 'key') && WITH_NAMES.has(parent.type);
  return !isName || parent.computed === true;
}

function impurityOf(node: Node, parent: Node | null, field: string): string | null {
  if (node.type === 'MemberExpression') {
    const path = `${nameOf(node.object)}.${nameOf(node.property)}`;
    return IMPURE_MEMBERS.has(path) ? path : null;
  }
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const isClock =
      nameOf(node.callee) === 'Date' &&
      Array.isArray(node.arguments) &&
      (node.type === 'CallExpression' || node.arguments.length === 0);
    return isClock ? 'new Date()' : null;
  }
  const name = nameOf(node);
  return name !== null && IMPURE_NAMES.has(name) && isValue(parent, field) ? name : null;
}

function readsEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression' && nameOf(node.object) === 'process') {
    return nameOf(node.property) === 'env' || literal(node.property) === 'env';
  }
  if (node.type === 'VariableDeclarator' && nameOf(node.init) === 'process' && isNode(node.id)) {
    const { properties } = node.id;
    return (
      Array.isArray(properties) && properties.some((property) => isNode(property) && nameOf(property.key) === 'env')
    );
  }
  return node.type === 'ImportDeclaration' && /^(node:)?process$/.test(literal(node.source) ?? '');
}

/** Reads what one TypeScript source asks for and touches. Throws when it does not parse. */
export function parseModule(source: string): ModuleFacts {
  const imports: Import[] = [];
  const resolved: string[] = [];
  const impure: ImpureUse[] = [];
  let environment = false;
  const program: unknown = parseAst(source, { lang: 'ts', astType: 'ts' });
  if (!isNode(program)) throw new Error('the parser gave no program');
  for (const { node, parent, field } of walk(program)) {
    const line = (): number => source.slice(0, node.start).split('\n').length;
    const specifier = specifierOf(node);
    if (specifier !== null) imports.push({ specifier, line: line() });
    const found = resolvedBy(node);
    if (found !== null) resolved.push(found);
    const what = impurityOf(node, parent, field);
    if (what !== null) impure.push({ what, line: line() });
    environment ||= readsEnvironment(node);
  }
  return { imports, resolved, impure, readsEnvironment: environment };
}
