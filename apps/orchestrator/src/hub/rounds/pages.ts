import type { CommandRow } from '@baton/event-store';

/** Commands by their number, page by page: what comes in between is in a later page, or in the next round. */
export async function* pagesOf(
  read: (page: { readonly afterSeq: number; readonly limit: number }) => Promise<readonly CommandRow[]>,
  limit: number,
): AsyncGenerator<readonly CommandRow[], void, void> {
  for (let afterSeq = 0; ; ) {
    const page = await read({ afterSeq, limit });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < limit) return;
    afterSeq = last.seq;
  }
}
