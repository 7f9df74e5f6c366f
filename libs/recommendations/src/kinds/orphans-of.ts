import { type Change, isJsonObject, type Json } from '@baton/contracts';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';

/**
 * The states that nothing leads to any more once a document is changed: a document that has such is refused, so they have to go with
 * the change. Null where it would be refused for something else.
 */
export function orphansOf(
  document: WorkflowDocument,
  change: Extract<Change, { in: 'workflow' }>,
): readonly string[] | null {
  const before: Json = JSON.parse(JSON.stringify(document));
  // What is refused as it is, by rules that came later, says nothing of the change.
  if (!parseWorkflowDocument(before).ok) return [];
  const member: Json = JSON.parse(JSON.stringify(change.value ?? null));
  const parsed = parseWorkflowDocument(withChange(before, change.path.split('/').slice(1), { op: change.op, member }));
  if (parsed.ok) return [];
  const errors = parsed.findings.filter(({ severity }) => severity === 'error');
  return errors.every(({ code }) => code === 'unreachable-state')
    ? errors.map(({ pointer }) => unescaped(pointer.split('/').at(-1) ?? ''))
    : null;
}

interface Put {
  readonly op: string;
  readonly member: Json;
}

/** The same with a member set, or put in front of those of a list. */
function withChange(value: Json, [name, ...rest]: readonly string[], put: Put): Json {
  if (name === undefined) return put.member;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    const at = Number(name);
    if (rest.length === 0 && put.op === 'add') return items.toSpliced(at, 0, put.member);
    return items.map((item, index) => (index === at ? withChange(item, rest, put) : item));
  }
  const members = isJsonObject(value) ? value : {};
  const key = unescaped(name);
  const inner = Object.hasOwn(members, key) ? members[key] : undefined;
  // A list that is not there yet begins with what is put into it.
  const empty: Json = rest.length === 1 && rest[0] === '0' ? [] : {};
  return { ...members, [key]: withChange(inner ?? empty, rest, put) };
}

const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
