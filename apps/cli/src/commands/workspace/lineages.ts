import { resolve } from 'node:path';
import { listUpTo } from '@baton/client';
import { LineageName, type LineageVersion, type LineageView } from '@baton/contracts';
import { type Context, gatewayOf } from '../../context.js';
import { timeOf } from '../../durations.js';
import { ExitCode, UsageError } from '../../exit-codes.js';
import type { Gateway } from '../../gateway/gateway.js';
import { type Columns, writeLine, writeList, writeOne } from '../../output.js';
import { formatFacts } from '../../table.js';
import { shortId } from '../run-shapes.js';
import { tellMore } from '../tell-more.js';
import { isEmpty, writeWorkspace } from './result-folder.js';
import { readWorkspace, uploadWorkspace } from './submit-workspace.js';

/* Lineages: lines of versions that several runs work on. */

const PAGE = 100;

const landedBy = ({ runId, state, actor }: LineageVersion): string =>
  runId === null ? `made by ${actor.id}` : `run ${shortId(runId)} in ${state ?? ''} for ${actor.id}`;

const lineageColumns: Columns<LineageView> = {
  headings: ['NAME', 'VERSION', 'LANDED', 'BY', 'TREE'],
  row: ({ name, head }) => [name, `${head.number}`, timeOf(head.recordedAt), landedBy(head), head.tree.slice(0, 12)],
};

const versionColumns: Columns<LineageVersion> = {
  headings: ['VERSION', 'LANDED', 'BY', 'TREE'],
  row: (version) => [`${version.number}`, timeOf(version.recordedAt), landedBy(version), version.tree.slice(0, 12)],
};

const lineageLines = ({ name, head, createdAt, createdBy }: LineageView): readonly string[] =>
  formatFacts([
    ['lineage', name],
    ['version', `${head.number}`],
    ['tree', head.tree],
    ['landed', `${timeOf(head.recordedAt)}, ${landedBy(head)}`],
    ['since', `${timeOf(createdAt)}, ${createdBy.id}`],
  ]);

/** The name as it was typed; throws UsageError for what can be none. */
export function lineageName(word: string): string {
  if (LineageName.safeParse(word).success) return word;
  throw new UsageError(
    `${JSON.stringify(word)} cannot be the name of a lineage.`,
    'Use lower case letters, digits, dots, dashes and underscores, such as shop-api.',
  );
}

/** @throws GatewayRefused `lineage-not-found` */
export const getLineage = (gateway: Gateway, name: string, signal: AbortSignal): Promise<LineageView> =>
  gateway.get('/v1/lineages/{name}', { params: { path: { name: lineageName(name) } }, signal });

export async function createLineage(
  context: Context,
  name: string,
  { workspace: folder, ref }: { readonly workspace: string; readonly ref?: string },
): Promise<ExitCode> {
  const { interrupted: signal, io, format } = context;
  lineageName(name);
  const snapshot = await readWorkspace(context, folder, ref);
  const gateway = await gatewayOf(context);
  const workspace = await uploadWorkspace(context, gateway, snapshot, folder);
  const made = await gateway.post('/v1/lineages', { body: { name, workspace }, signal });
  writeOne(io, format, made, lineageLines);
  if (format === 'table') {
    writeLine(io.err, `Submit runs to it with \`baton run submit --shared ${name} --requirements FILE\`.`);
  }
  return ExitCode.ok;
}

interface Page {
  readonly limit: number;
  readonly after?: string;
}

export async function listLineages(context: Context, { limit, after }: Page): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { items, next } = await listUpTo({
    ask: async (query) => {
      const answer = await gateway.get('/v1/lineages', { params: { query }, signal: context.interrupted });
      return { items: answer.lineages, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  const nothing = 'There is no lineage. Make one with `baton workspace create NAME --workspace DIR`.';
  writeList(context.io, context.format, items, lineageColumns, nothing);
  tellMore(context, 'workspace list', [['limit', limit]], next);
  return ExitCode.ok;
}

export async function showLineage(
  context: Context,
  name: string,
  { out }: { readonly out?: string },
): Promise<ExitCode> {
  const { io, format, interrupted } = context;
  const gateway = await gatewayOf(context);
  const lineage = await getLineage(gateway, name, interrupted);
  if (out === undefined) {
    writeOne(io, format, lineage, lineageLines);
    return ExitCode.ok;
  }
  if (!(await isEmpty(resolve(context.env.workingDirectory, out)))) {
    throw new UsageError(
      `${out} holds files, and nothing is written over them.`,
      'Name a folder that is new or empty.',
    );
  }
  const { tree, number } = lineage.head;
  const { outDir, files } = await writeWorkspace(context, gateway, { base: tree, tree }, out);
  writeOne(io, format, { name, number, outDir, files }, () => files);
  if (format === 'table') {
    const count = files.length === 1 ? '1 file' : `${files.length} files`;
    writeLine(io.err, `Wrote ${count} of version ${number} of ${name} to ${outDir}.`);
  }
  return ExitCode.ok;
}

export async function showLog(context: Context, name: string, { limit, after }: Page): Promise<ExitCode> {
  const path = { name: lineageName(name) };
  const gateway = await gatewayOf(context);
  const { items, next } = await listUpTo({
    ask: async (query) => {
      const params = { path, query };
      const answer = await gateway.get('/v1/lineages/{name}/versions', { params, signal: context.interrupted });
      return { items: answer.versions, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  writeList(context.io, context.format, items, versionColumns, 'There are no older versions.');
  tellMore(context, `workspace log ${name}`, [['limit', limit]], next);
  return ExitCode.ok;
}
