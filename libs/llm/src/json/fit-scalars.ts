import { Json, JsonObject } from '@baton/contracts';

const MOST_LEVELS = 100;

/**
 * Turns scalars into the type that a JSON Schema gives for them, where that says the same: `"7"` into 7, `"true"` into
 * true, 7 into `"7"`. All else stays as it is, for the check
 * against the schema to find.
 */
export function fitScalars(value: Json, schema: JsonObject): Json {
  const definitions = objectOr(schema.$defs);
  const fit = (part: Json, given: Json | undefined, level: number): Json => {
    const wanted = resolved(given, definitions);
    if (wanted === null || level > MOST_LEVELS) return part;
    const choices = listOr(wanted.anyOf ?? wanted.oneOf);
    if (choices.length > 0) return fitChoice(part, choices, (choice) => fit(part, choice, level + 1), definitions);
    if (Array.isArray(part)) return part.map((item) => fit(item, wanted.items, level + 1));
    if (typeof part === 'object' && part !== null) {
      const properties = objectOr(wanted.properties);
      return Object.fromEntries(
        Object.entries(JsonObject.parse(part)).map(([name, inner]) => [
          name,
          Object.hasOwn(properties, name) ? fit(inner, properties[name], level + 1) : inner,
        ]),
      );
    }
    return fitScalar(part, typesOf(wanted));
  };
  return fit(value, schema, 0);
}

/** The choice that the value already fits by its type; else the first that changes it. */
function fitChoice(part: Json, choices: readonly Json[], fit: (choice: Json) => Json, definitions: JsonObject): Json {
  const own = choices.find((choice) => typesOf(resolved(choice, definitions)).includes(typeOf(part)));
  if (own !== undefined) return fit(own);
  const changed = choices.map(fit).filter((fitted) => fitted !== part);
  return changed[0] === undefined ? part : changed[0];
}

function fitScalar(part: Json, types: readonly string[]): Json {
  const type = typeOf(part);
  if (types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'))) return part;
  if (typeof part === 'string') {
    const fitted = fitText(part.trim(), types);
    return fitted === undefined ? part : fitted;
  }
  if ((typeof part === 'number' || typeof part === 'boolean') && types.includes('string')) return String(part);
  return part;
}

function fitText(text: string, types: readonly string[]): Json | undefined {
  const isNumber = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
  if (isNumber && types.includes('number')) return Number(text);
  if (isNumber && types.includes('integer') && Number.isSafeInteger(Number(text))) return Number(text);
  if (types.includes('boolean') && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (types.includes('null') && /^(?:null|none)?$/i.test(text)) return null;
  return undefined;
}

function resolved(part: Json | undefined, definitions: JsonObject): JsonObject | null {
  const object = JsonObject.safeParse(part);
  if (!object.success) return null;
  const { $ref: reference } = object.data;
  if (typeof reference !== 'string') return object.data;
  const target = JsonObject.safeParse(definitions[reference.replace(/^#\/\$defs\//, '')]);
  return target.success ? target.data : null;
}

const typesOf = (schema: JsonObject | null): readonly string[] => {
  const type = schema?.type;
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
};

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const objectOr = (value: Json | undefined): JsonObject => JsonObject.safeParse(value).data ?? {};
const listOr = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
