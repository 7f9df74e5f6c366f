import { type CatalogEntry, unknownWorkflow } from '@baton/catalog';
import {
  COMPOSED_NAME,
  type Considered,
  type WorkflowList,
  type WorkflowPublished,
  type WorkflowValidation,
  type WorkflowView,
  type WorkflowWithdrawn,
} from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { matchesEtag } from '../http/etag.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { GraphQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { assessDocument } from './assess-document.js';
import { considerState } from './consider-state.js';
import { toMermaid } from './graph/to-mermaid.js';
import { toText } from './graph/to-text.js';
import { invalidDocument, publishDocument } from './publish-document.js';
import { withdrawVersions } from './withdraw-versions.js';
import { toSummary, unreadableSummary } from './workflow-shapes.js';

const MEDIA_TYPES = { mermaid: 'text/vnd.mermaid; charset=utf-8', text: 'text/plain; charset=utf-8' } as const;

const draw = (document: WorkflowDocument, format: keyof typeof MEDIA_TYPES): string =>
  format === 'mermaid' ? toMermaid(document) : toText(document);

@Controller('v1/workflows')
export class WorkflowsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(): Promise<WorkflowList> {
    // What was composed for a goal is found by its name, which its run says; a list of them helps nobody.
    const isShown = (name: string): boolean => this.#isSeen(name) && !COMPOSED_NAME.test(name);
    const { workflows, unreadable } = await this.parts.catalog.list(isShown);
    return { workflows: [...workflows.map(toSummary), ...unreadable.map(unreadableSummary)] };
  }

  @Post()
  async publish(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<WorkflowPublished> {
    const published = await publishDocument(this.parts, body);
    reply.status(published.status === 'published' ? 201 : 200);
    reply.header('location', `/v1/workflows/${published.name}@${published.version}`);
    return published;
  }

  @Post('validate')
  @HttpCode(200)
  async validate(@Body() body: unknown): Promise<WorkflowValidation> {
    const { workflow, findings } = await assessDocument(this.parts, body);
    return { valid: workflow !== null, findings: [...findings] };
  }

  /** Draws a document that need not be published. */
  @Post('graph')
  @HttpCode(200)
  async graphOf(
    @Body() body: unknown,
    @Query() query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { format } = parseParameters(GraphQuery, query);
    const { workflow, findings } = await assessDocument(this.parts, body);
    if (workflow === null) throw invalidDocument(findings, 'cannot be drawn');
    reply.type(MEDIA_TYPES[format]);
    return draw(workflow.document, format);
  }

  /** What the engine would do, and what else could be done: nothing of it is. */
  @Post('consider')
  @HttpCode(200)
  consider(@Body() body: unknown): Promise<Considered> {
    return considerState(this.parts, body, (ref) => this.#require(ref));
  }

  @Post(':ref/withdraw')
  @HttpCode(200)
  withdraw(@Param('ref') ref: string): Promise<WorkflowWithdrawn> {
    return withdrawVersions(this.parts, ref);
  }

  @Get(':ref')
  async get(
    @Param('ref') ref: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WorkflowView | undefined> {
    const entry = await this.#require(ref);
    if (this.#isKnown(entry, ifNoneMatch, reply)) return undefined;
    return { ...toSummary(entry), document: JSON.parse(JSON.stringify(entry.document)) };
  }

  @Get(':ref/graph')
  async graph(
    @Param('ref') ref: string,
    @Query() query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { format } = parseParameters(GraphQuery, query);
    const { document } = await this.#require(ref);
    reply.type(MEDIA_TYPES[format]);
    return draw(document, format);
  }

  async #require(ref: string): Promise<CatalogEntry> {
    const entry = await this.parts.catalog.find(ref);
    if (entry !== undefined && this.#isSeen(entry.document.name)) return entry;
    const isForAll = this.parts.caller().scopes === null;
    const detail = isForAll ? await unknownWorkflow(this.parts.catalog, ref) : `There is no workflow ${ref}.`;
    throw new ProblemError(detail, {
      status: 404,
      code: 'workflow-not-found',
      next: 'GET /v1/workflows lists the workflows there are.',
    });
  }

  /** A key may be for certain workflows alone. */
  #isSeen(name: string): boolean {
    const { scopes } = this.parts.caller();
    return scopes === null || scopes.some(({ workflows }) => workflows?.includes(name) ?? true);
  }

  /** Sets the tag; answers 304 to a client that has the document already. */
  #isKnown({ sha256 }: CatalogEntry, ifNoneMatch: string | undefined, reply: FastifyReply): boolean {
    const etag = `"${sha256}"`;
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (!matchesEtag(ifNoneMatch, etag)) return false;
    reply.status(304);
    return true;
  }
}
