import type { JsonObject } from '@baton/contracts';

/** What a model is told where its server cannot hold it to a schema. */
export const promptedSchema = ({ jsonSchema }: { readonly jsonSchema: JsonObject }): string =>
  `Answer with one JSON object that fits this JSON Schema, and with nothing before or after it:\n\n${JSON.stringify(jsonSchema)}`;
