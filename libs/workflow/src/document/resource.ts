import { SignalName, WorkerKind, WorkflowRef } from '@baton/contracts';
import { ITEMS_KIND } from './item-resource.js';

/** The worker that sends requests over HTTP: `baton:http`. */
const HTTP_KIND = 'http';

/** What the Resource of a Task state asks for. */
export type Resource =
  | {
      readonly type: 'worker';
      readonly kind: WorkerKind;
      /** The worker's answer does not end the state: whoever holds the token of the task does. */
      readonly hasToken?: true;
    }
  /** A person decides. */
  | { readonly type: 'approval' }
  /** A run of another workflow: `name` or `name@version`. Null: of the one that the Arguments name. */
  | { readonly type: 'workflow'; readonly ref: string | null }
  | { readonly type: 'signal'; readonly name: SignalName }
  /** A version of the workspace becomes the head of a lineage, where that has not moved. */
  | { readonly type: 'lineage' }
  /** A workflow document that was composed for a goal is published, under its hash. */
  | { readonly type: 'publish' };

/** What is behind a service of the language's first home: a worker of that kind, which whoever wants it runs. */
const KIND_OF_SERVICE: ReadonlyMap<string, WorkerKind> = new Map([
  ['lambda:invoke', 'lambda-invoke'],
  ['sqs:sendMessage', 'sqs-send-message'],
  ['http:invoke', HTTP_KIND],
]);

const TOKEN = '.waitForTaskToken';

function parseWorker(text: string): Resource | null {
  const hasToken = text.endsWith(TOKEN);
  const asked = hasToken ? text.slice(0, -TOKEN.length) : text;
  const service = /^arn:aws(?:-cn|-us-gov)?:states:::([\s\S]*)$/.exec(asked)?.[1];
  const kind = service === undefined ? asked.slice('baton:worker:'.length) : KIND_OF_SERVICE.get(service);
  // Whoever answers a request over HTTP has answered.
  if (kind === undefined || !WorkerKind.safeParse(kind).success || (hasToken && kind === HTTP_KIND)) return null;
  return { type: 'worker', kind, ...(hasToken ? { hasToken } : {}) };
}

/** Null where the text is no Resource of Baton, or one with a name that cannot be. */
export function parseResource(text: string): Resource | null {
  if (text === 'baton:http') return { type: 'worker', kind: HTTP_KIND };
  if (text.startsWith('baton:worker:') || text.startsWith('arn:')) return parseWorker(text);
  const [, type, name = ''] = /^baton:(approval|workflow|signal|lineage|publish)(?::([\s\S]*))?$/.exec(text) ?? [];
  switch (type) {
    case 'workflow':
      if (text === 'baton:workflow') return { type, ref: null };
      return WorkflowRef.safeParse(name).success ? { type, ref: name } : null;
    case 'signal':
      return SignalName.safeParse(name).success ? { type, name } : null;
    case 'approval':
      return text === 'baton:approval' ? { type } : null;
    case 'lineage':
      return text === 'baton:lineage' ? { type } : null;
    case 'publish':
      return text === 'baton:publish' ? { type } : null;
    default:
      return null;
  }
}

/** The worker kind of a Resource `baton:worker:<kind>`, or null where the Resource is none. */
export function workerKindOf(text: string): WorkerKind | null {
  const resource = parseResource(text);
  return resource?.type === 'worker' ? resource.kind : null;
}

/** Whether a Resource hands out a token with its task. */
export function hasTaskToken(text: string | null): boolean {
  const resource = text === null ? null : parseResource(text);
  return resource?.type === 'worker' && resource.hasToken === true;
}

/** What is wrong with the Resource of a Task state, or null. */
export function checkResource(text: string): string | null {
  const resource = parseResource(text);
  if (resource?.type === 'worker' && resource.kind === ITEMS_KIND)
    return 'the worker of Maps is asked by the ItemReader and the ResultWriter of a Map alone';
  if (resource !== null) return null;
  if (text.startsWith('arn:')) {
    const known = [...KIND_OF_SERVICE.keys()].join(', ');
    return `of the services of others there are ${known}, the first two also with ${TOKEN}; anything else is done by a worker, baton:worker:<kind>`;
  }
  if (text.startsWith('baton:worker:')) return 'a worker kind has lower case letters, digits and dashes';
  if (text.startsWith('baton:workflow:')) return 'a child run names its workflow as name or name@version';
  if (text.startsWith('baton:signal:')) return 'a signal has a name of letters, digits, dots and dashes';
  return 'unknown resource; there are baton:worker:<kind>, baton:http, baton:approval, baton:workflow:<name>, baton:signal:<name>, baton:lineage and baton:publish';
}
