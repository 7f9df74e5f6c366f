import { isJsonObject } from './json.js';

/** A text that two values share exactly when they are equal as JSON, whatever the order of their members. */
export function canonicalText(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      isJsonObject(item)
        ? Object.fromEntries(
            Object.keys(item)
              .sort()
              .map((name) => [name, Reflect.get(item, name)]),
          )
        : item,
    ) ?? 'undefined'
  );
}
