import type { Page } from 'playwright-core';
import { z } from 'zod';

/** What a page showed from some moment on: each of its parts by a name, and what was read there. */
const Showings = z.array(z.object({ at: z.number(), shown: z.record(z.string(), z.string()) }));

/** What was true of one part, one after another, each from a moment on. */
export type Truth = ReadonlyMap<string, readonly { readonly value: string; readonly sinceMs: number }[]>;

/** Reads a page from now on whenever anything in it changes, until it is loaded anew. */
export interface Watch {
  readonly showings: () => Promise<z.infer<typeof Showings>>;
}

/** What is looked at of a page: by the id of a run. Runs in the page, and may use nothing but what is there. */
export type Reader = (runId: string) => Record<string, string>;

export async function watch(page: Page, read: Reader, runId: string): Promise<Watch> {
  // What is evaluated by the protocol of the debugger is no script of the page, which its policy would forbid.
  await page.evaluate(`(${String(lookAtAllChanges)})(${String(read)}, ${JSON.stringify(runId)})`);
  return { showings: async () => Showings.parse(await page.evaluate('window.showings')) };
}

/** Runs in the page. After each change at once, so that also what nobody had the time to see is noted. */
function lookAtAllChanges(read: Reader, runId: string): void {
  const showings: { at: number; shown: Record<string, string> }[] = [];
  let last = '';
  const look = (): void => {
    const shown = read(runId);
    const text = JSON.stringify(shown);
    if (text === last) return;
    last = text;
    showings.push({ at: Date.now(), shown });
  };
  Object.assign(window, { showings });
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  look();
}

/**
 * Where what was shown was not true: what never was, what was not so yet, what had been over, and what was gone again. A page
 * that was told late may show what was true a moment ago, but never go back from there.
 */
export function untruthsIn(showings: z.infer<typeof Showings>, truth: Truth): readonly string[] {
  /** How far each part has come, as a place in its truth. */
  const reached = new Map<string, number>();
  return showings.flatMap(({ at, shown }) => [
    ...[...reached.keys()].filter((key) => shown[key] === undefined).map((key) => `${key} was gone`),
    ...Object.entries(shown).flatMap(([key, value]) => {
      const known = truth.get(key) ?? [];
      const from = reached.get(key) ?? 0;
      const place = known.findIndex((each, index) => index >= from && each.value === value);
      reached.set(key, Math.max(place, from));
      if (place >= 0) return at < (known[place]?.sinceMs ?? 0) ? [`${key}: ${value}, before it was`] : [];
      const isKnown = known.some((each) => each.value === value);
      return [`${key}: ${value}, ${isKnown ? `after ${known[from]?.value}` : 'which it never was'}`];
    }),
  ]);
}
