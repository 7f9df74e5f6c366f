import { storableText, TemplateSet } from '@baton/contracts';
import type { Pool } from 'pg';
import { database } from './database.js';
import { query } from './pool.js';
import type { Tables } from './tables.js';

/** Writes down what a service of this kind works with: all of it, and each text for good. The texts are blobs already. */
export async function tellTemplates(pool: Pool, kind: string, told: TemplateSet): Promise<void> {
  await query(pool, 'tell-templates', 'select baton.tell_templates($1, $2)', [
    kind,
    storableText(JSON.stringify(told)),
  ]);
}

/** What the services work with: of each kind what its newest start said. */
export async function templateSets(
  pool: Pool,
): Promise<readonly { readonly kind: string; readonly told: TemplateSet; readonly toldAt: string }[]> {
  const rows = await database<Tables>(pool, 'template-sets')
    .selectFrom('template_set')
    .select(['kind', 'told', 'told_at'])
    .orderBy('kind')
    .execute();
  return rows.map(({ kind, told, told_at }) => ({
    kind,
    told: TemplateSet.parse(JSON.parse(told)),
    toldAt: told_at.toISOString(),
  }));
}

/** A text of a template that a service worked with. */
interface TemplateVersion {
  readonly variant: string;
  readonly version: string;
  readonly sha256: string;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Every text of a template that a service ever worked with, the newest first. */
export async function templateVersions(pool: Pool, id: string): Promise<readonly TemplateVersion[]> {
  const rows = await database<Tables>(pool, 'template-versions')
    .selectFrom('template_version')
    .select(['variant', 'version', 'sha256', 'first_at', 'last_at'])
    .where('id', '=', id)
    .orderBy('first_at', 'desc')
    .orderBy('variant')
    .orderBy('sha256')
    .execute();
  return rows.map(({ variant, version, sha256, first_at, last_at }) => ({
    variant,
    version,
    sha256: sha256.toString('hex'),
    firstAt: first_at.toISOString(),
    lastAt: last_at.toISOString(),
  }));
}
