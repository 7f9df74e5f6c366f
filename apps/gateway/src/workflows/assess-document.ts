import { type Catalog, type CatalogEntry, checkIdentity, compareVersions } from '@baton/catalog';
import { BatonError, nearestName, SHIPPED_KINDS, type WorkflowFinding } from '@baton/contracts';
import { knownKinds } from '@baton/read-model';
import { checkPublication, literalPoliciesIn, unmetForSomebody, type WorkflowDocument } from '@baton/workflow';
import type { Pool } from 'pg';
import { knownApprovers } from '../access/known-approvers.js';
import type { GatewayParts } from '../parts/parts.js';
import { workerKindsOf } from '../queues/worker-kinds.js';
import { checkTemplates } from './check-templates.js';
import { childWorkflowsOf } from './graph/child-workflows.js';

export interface Assessment {
  /** Null where the findings hold an error. */
  readonly workflow: Pick<CatalogEntry, 'document' | 'sha256'> | null;
  /** Errors first. */
  readonly findings: readonly WorkflowFinding[];
}

/** All that can be said of a document before it is published: about itself, and against what the catalog holds. */
export async function assessDocument(
  { catalog, pool, templates, users }: Pick<GatewayParts, 'catalog' | 'pool' | 'templates' | 'users'>,
  json: unknown,
): Promise<Assessment> {
  const checked = await catalog.checks.document(json);
  const document = checked.ok ? checked.document : checked.partial;
  if (document === null) return { workflow: null, findings: errorsFirst(checked.findings) };
  const further = [
    ...checkIdentity(document),
    ...checkPublication(document),
    ...checkTemplates(document, templates),
    ...(await checkVersion(catalog, document, checked.ok ? checked.sha256 : null)),
    ...(await checkChildren(catalog, document)),
    ...(await checkKinds(pool, document)),
    ...(await checkApprovers({ pool, users }, document)),
  ];
  const findings = errorsFirst([...checked.findings, ...(checked.ok ? further : further.filter(isNewsTo(checked)))]);
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  return {
    workflow: hasErrors || !checked.ok ? null : { document: checked.document, sha256: checked.sha256 },
    findings,
  };
}

/** Of a place that is wrong no more is said: what was read there may be a stand-in. */
const isNewsTo = ({ findings }: { readonly findings: readonly WorkflowFinding[] }) => {
  const wrong = new Set(findings.filter(({ severity }) => severity === 'error').map(({ pointer }) => pointer));
  const isNameWrong = wrong.has('/name');
  return ({ pointer }: WorkflowFinding): boolean => !wrong.has(pointer) && !(isNameWrong && pointer === '/version');
};

const errorsFirst = (findings: readonly WorkflowFinding[]): readonly WorkflowFinding[] => [
  ...findings.filter(({ severity }) => severity === 'error'),
  ...findings.filter(({ severity }) => severity === 'warning'),
];

async function checkVersion(
  catalog: Catalog,
  { name, version }: WorkflowDocument,
  sha256: string | null,
): Promise<readonly WorkflowFinding[]> {
  const known = await look(catalog, `${name}@${version}`);
  if (known === undefined) return checkIsNewest(catalog, name, version);
  if (known !== null && known.sha256 === sha256) return [];
  const message = `${name}@${version} exists with other content: it can only be published under another version`;
  return [warning('/version', 'workflow-version-exists', message)];
}

async function checkIsNewest(catalog: Catalog, name: string, version: string): Promise<readonly WorkflowFinding[]> {
  const newest = await catalog.newestVersion(name);
  if (newest === null || compareVersions(version, newest) >= 0) return [];
  const message = `is lower than ${newest}, the newest of ${name}: it can only be published under a higher version`;
  return [warning('/version', 'workflow-version-lower', message)];
}

/** Each costs a query. */
const MOST_CHILDREN = 100;

/** Warnings: the child may be published later, before the first run that asks for it. */
async function checkChildren(catalog: Catalog, document: WorkflowDocument): Promise<readonly WorkflowFinding[]> {
  const own = new Set([document.name, `${document.name}@${document.version}`]);
  const children = childWorkflowsOf(document).filter(({ ref }) => !own.has(ref));
  const findings: WorkflowFinding[] = [];
  for (const { ref, pointer } of children.slice(0, MOST_CHILDREN)) {
    const known = await look(catalog, ref);
    if (known === undefined) findings.push(warning(pointer, 'unknown-workflow', `there is no workflow ${ref} yet`));
    if (known === null) findings.push(warning(pointer, 'workflow-unreadable', `the workflow ${ref} cannot be used`));
  }
  if (children.length > MOST_CHILDREN) {
    findings.push(warning('', 'not-checked', `only the first ${MOST_CHILDREN} child workflows were looked up`));
  }
  return findings;
}

/** What ships with a service: there, or on its way. */
const SHIPPED: ReadonlySet<string> = new Set(SHIPPED_KINDS);

/** Warnings: a worker may be started later, before the first run that waits for it. */
async function checkKinds(pool: Pool, document: WorkflowDocument): Promise<readonly WorkflowFinding[]> {
  const kinds = workerKindsOf([document]).filter((kind) => !SHIPPED.has(kind));
  const known = kinds.length === 0 ? new Set<string>() : await knownKinds(pool, kinds);
  return kinds
    .filter((kind) => !known.has(kind))
    .map((kind) => {
      const meant = nearestName(kind, SHIPPED);
      const hint = meant === null ? '' : `; did you mean ${JSON.stringify(meant)}?`;
      const message = `no worker of kind ${kind} has ever announced itself: its tasks wait until one is started${hint}`;
      return warning('/definition', 'unknown-worker-kind', message);
    });
}

/** Warnings: a key may be made later, and then a run that waits goes on. */
async function checkApprovers(
  ports: Pick<GatewayParts, 'pool' | 'users'>,
  document: WorkflowDocument,
): Promise<readonly WorkflowFinding[]> {
  const policies = literalPoliciesIn(document);
  if (policies.length === 0) return [];
  const known = await knownApprovers(ports);
  if (known === null) return [];
  return policies.flatMap(({ pointer, policy }) => {
    const unmet = unmetForSomebody(policy, known);
    if (unmet === null) return [];
    const message = `this approval cannot be given by the keys that exist: ${unmet}; make one with \`baton auth key create\``;
    return [warning(pointer, 'approval-cannot-be-met', message)];
  });
}

/** Null: it is there and cannot be read. */
async function look(catalog: Catalog, ref: string): Promise<CatalogEntry | undefined | null> {
  try {
    return await catalog.find(ref);
  } catch (thrown) {
    if (thrown instanceof BatonError && thrown.code === 'workflow-unreadable') return null;
    throw thrown;
  }
}

const warning = (pointer: string, code: string, message: string): WorkflowFinding => ({
  severity: 'warning',
  pointer,
  code,
  message,
});
