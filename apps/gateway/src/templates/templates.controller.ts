import type { TemplateHistory, TemplateList, TemplateText } from '@baton/contracts';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { historyOf, listTemplates, textOf } from './find-templates.js';

@Controller('v1/templates')
export class TemplatesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** What models are asked with: as the services said when they started. */
  @Get()
  list(): Promise<TemplateList> {
    return listTemplates(this.parts.pool);
  }

  @Get(':id')
  history(@Param('id') id: string): Promise<TemplateHistory> {
    return historyOf(this.parts.pool, id);
  }

  @Get(':id/texts/:sha256')
  text(@Param('id') id: string, @Param('sha256') sha256: string): Promise<TemplateText> {
    return textOf(this.parts.pool, id, sha256);
  }
}
