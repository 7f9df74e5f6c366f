import { Controller, Get } from '@nestjs/common';
import { messageSchemas } from './message-schemas.js';

@Controller('v1/schemas')
export class SchemasController {
  readonly #schemas = messageSchemas();

  @Get()
  all(): { readonly schemas: ReturnType<typeof messageSchemas> } {
    return { schemas: this.#schemas };
  }
}
