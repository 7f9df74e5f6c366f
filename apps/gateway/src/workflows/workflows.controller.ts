import { Controller, Get, Inject } from '@nestjs/common';
import { type GatewayParts, PARTS } from '../parts.js';

interface WorkflowEntry {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly sha256: string;
}

@Controller('v1/workflows')
export class WorkflowsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(): Promise<{ readonly workflows: readonly WorkflowEntry[] }> {
    const { workflows } = await this.parts.catalog.list();
    return {
      workflows: workflows.map(({ document: { name, version, title }, sha256 }) => ({ name, version, title, sha256 })),
    };
  }
}
