import { Readable } from 'node:stream';
import { TreeVersion, type WorkspaceUploaded, type WorkspaceView } from '@baton/contracts';
import { type BlobStore, getFile, getTree, packFiles, readArchive, type Tree } from '@baton/workspace';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseParameters } from '../http/parse.js';
import { TreeQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { notUnderstood } from './tar-body.js';
import { toRefusal } from './to-refusal.js';
import { workspaceStore } from './workspace-store.js';

const Address = z.strictObject({ tree: TreeVersion });

@Controller('v1/workspaces')
export class WorkspacesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async upload(@Body() body: unknown): Promise<WorkspaceUploaded> {
    if (!(body instanceof Readable)) throw notUnderstood();
    const { version, tree, bytes, leftOut } = await readArchive(body, workspaceStore(this.parts.pool)).catch(toRefusal);
    return { tree: version, files: tree.length, bytes, leftOut: [...leftOut] };
  }

  @Get(':tree')
  async get(
    @Param('tree') address: string,
    @Query() query: unknown,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const store = workspaceStore(this.parts.pool);
    const { tree: version } = parseParameters(Address, { tree: address });
    const { since } = parseParameters(TreeQuery, query);
    const tree = await getTree(store, version).catch(toRefusal);
    const before = since === undefined ? [] : await getTree(store, since).catch(toRefusal);
    const files = without(tree, before);
    // What has a hash for its name never changes.
    reply.headers({ etag: `"${version}"`, vary: 'accept', 'cache-control': 'private, no-cache' });
    if (accept?.includes('application/x-tar') === true) {
      await reply.type('application/x-tar').send(packFiles(contentsOf(files, store)));
      return;
    }
    const view: WorkspaceView = {
      tree: version,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      files: [...files],
    };
    await reply.send(view);
  }
}

function without(tree: Tree, before: Tree): Tree {
  const known = new Map(before.map(({ path, sha256, mode }) => [path, `${mode} ${sha256}`]));
  return tree.filter(({ path, sha256, mode }) => known.get(path) !== `${mode} ${sha256}`);
}

async function* contentsOf(tree: Tree, store: BlobStore) {
  for (const file of tree) yield { path: file.path, mode: file.mode, bytes: await getFile(store, file) };
}
