import {
  didYouMean,
  type TemplateHistory,
  TemplateId,
  type TemplateList,
  type TemplateProblem,
  type TemplateText,
  type TemplateView,
} from '@baton/contracts';
import { getBytes, templateSets, templateVersions } from '@baton/event-store';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';

/** The templates that the services work with. A broken file is told by each of them, and listed once. */
export async function listTemplates(pool: Pool): Promise<TemplateList> {
  const sets = await templateSets(pool);
  const templates = sets.flatMap(({ told, toldAt }) => told.templates.map((each) => ({ ...each, toldAt })));
  const problems = new Map(sets.flatMap(({ told }) => told.problems.map((each) => [keyOf(each), each] as const)));
  return { templates: templates.toSorted(inOrder), problems: [...problems.values()] };
}

const keyOf = ({ layer, path, problem }: TemplateProblem): string => JSON.stringify([layer, path, problem]);

function inOrder(a: TemplateView, b: TemplateView): number {
  const [one, other] = [a, b].map(({ id, variant }) => `${id} ${variant}`);
  return (one ?? '') < (other ?? '')
    ? -1
    : (one ?? '') > (other ?? '')
      ? 1
      : Number(a.isReplaced) - Number(b.isReplaced);
}

/** @throws ProblemError 404 where no service ever worked with a template of that name */
export async function historyOf(pool: Pool, id: string): Promise<TemplateHistory> {
  const versions = TemplateId.safeParse(id).success ? await templateVersions(pool, id) : [];
  const { templates, problems } = await listTemplates(pool);
  if (versions.length === 0) throw unknown(id, templates, problems);
  const own = templates.filter((each) => each.id === id);
  const statusOf = (variant: string, sha256: string): TemplateHistory['versions'][number]['status'] => {
    const same = own.filter((each) => each.variant === variant && each.sha256 === sha256);
    if (same.some(({ isReplaced }) => !isReplaced)) return 'in-use';
    return same.length > 0 ? 'replaced' : 'past';
  };
  return { id, versions: versions.map((each) => ({ ...each, status: statusOf(each.variant, each.sha256) })) };
}

function unknown(id: string, templates: readonly TemplateView[], problems: readonly TemplateProblem[]): ProblemError {
  const broken = problems.find((each) => each.id === id)?.problem;
  const names = [...new Set(templates.map((each) => each.id))];
  const message = broken ?? `There is no template ${JSON.stringify(id.slice(0, 200))}.${didYouMean(id, names)}`;
  const next = 'See `baton template list`. A service tells its templates when it starts.';
  return new ProblemError(message, { status: 404, code: 'unknown-template', next });
}

const HASH = /^[0-9a-f]{4,64}$/;

/** @throws ProblemError 404 where there is no such text, 400 where several begin so */
export async function textOf(pool: Pool, id: string, hash: string): Promise<TemplateText> {
  const { versions } = await historyOf(pool, id);
  const found = HASH.test(hash) ? versions.filter(({ sha256 }) => sha256.startsWith(hash)) : [];
  const [version] = found;
  const see = `See \`baton template show ${id}\` for its versions.`;
  if (version === undefined) {
    const message = `No service ever worked with a text of ${id} whose hash begins with ${JSON.stringify(hash.slice(0, 64))}.`;
    throw new ProblemError(message, { status: 404, code: 'unknown-template', next: see });
  }
  if (found.some(({ sha256 }) => sha256 !== version.sha256)) {
    throw new ProblemError(`${found.length} texts of ${id} begin with ${hash}.`, {
      status: 400,
      code: 'template-ambiguous',
      next: see,
    });
  }
  const { variant, version: name, sha256 } = version;
  return { id, variant, version: name, sha256, text: (await getBytes(pool, sha256)).toString('utf8') };
}
