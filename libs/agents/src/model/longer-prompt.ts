import type { ModelRequest, PromptPart } from '@baton/llm';

type Prompt = Pick<ModelRequest, 'prompt' | 'parts'>;

/** A prompt with something added at its end, in the parts as well: those are what is sent. */
export function longerPrompt(
  before: Prompt,
  prompt: string,
  name: string,
): Prompt & { readonly parts: readonly PromptPart[] } {
  const { parts = [{ name: 'prompt', text: before.prompt, cache: false }] } = before;
  if (!prompt.startsWith(before.prompt)) return { prompt, parts: [{ name: 'prompt', text: prompt, cache: false }] };
  const text = prompt.slice(before.prompt.length);
  return { prompt, parts: text === '' ? parts : [...parts, { name, text, cache: false }] };
}
