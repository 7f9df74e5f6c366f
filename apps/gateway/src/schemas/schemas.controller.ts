import type { JsonObject } from '@baton/contracts';
import { workflowDocumentSchema } from '@baton/workflow';
import { Controller, Get } from '@nestjs/common';
import { messageSchemas } from './message-schemas.js';

@Controller('v1/schemas')
export class SchemasController {
  readonly #schemas = messageSchemas();
  readonly #ofWorkflow = workflowDocumentSchema();

  @Get()
  all(): { readonly schemas: ReturnType<typeof messageSchemas> } {
    return { schemas: this.#schemas };
  }

  @Get('workflow-document')
  ofWorkflow(): JsonObject {
    return this.#ofWorkflow;
  }
}
