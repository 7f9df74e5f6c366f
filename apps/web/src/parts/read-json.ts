import { BatonError, Json, parseJson } from '@baton/contracts';

/** What a text that somebody wrote holds, as JSON whose numbers stay what they are; undefined where nothing is written. */
export function readJson(text: string): { readonly value: Json | undefined } | { readonly problem: string } {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: Json.parse(parseJson(text, 'This')) };
  } catch (thrown) {
    if (thrown instanceof BatonError) return { problem: `${thrown.message} ${thrown.next}` };
    return { problem: `This is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}
