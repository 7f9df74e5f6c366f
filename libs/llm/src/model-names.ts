/*
 * The same model has other names elsewhere: a release date at its end (`claude-opus-5-5-20260922`, on Vertex
 * `claude-opus-5-5@20260922`), the provider before it (`anthropic/claude-opus-5-5`, `openrouter/anthropic/…`), and on Bedrock
 * a region and a version (`us.anthropic.claude-opus-5-5-20260922-v1:0`, also at the end of an ARN). Proxies write `5.5` for
 * `5-5`. Another suffix may be another price, so it stays.
 */

/** The name that Anthropic's own API knows a model by; any other name as it is. */
export function canonicalModel(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const model = last.replace(/^(?:[a-z-]+\.)?anthropic\./, '');
  if (!model.startsWith('claude-')) return name;
  return model
    .replace(/-v\d+(?::\d+)?(?:\[\w+\])?$/, '')
    .replace(/@(?:\d{8}|default|latest)$/, '')
    .replace(/-(?:\d{8}|latest)$/, '')
    .replace(/(?<=\d)\.(?=\d)/g, '-');
}
