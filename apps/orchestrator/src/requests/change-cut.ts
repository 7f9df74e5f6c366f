import type { Catalog } from '@baton/catalog';
import { type ForkRun, TerminalError } from '@baton/contracts';
import { type CutChanges, changedCut, type RunCut } from '@baton/workflow';

/** What a fork asks to have otherwise; undefined where it asks for nothing. */
export function changesOf({ set = {}, input }: Pick<ForkRun, 'set' | 'input'>): CutChanges | undefined {
  const isEmpty = Object.keys(set).length === 0;
  if (isEmpty && input === undefined) return undefined;
  return { ...(isEmpty ? {} : { set }), ...(input === undefined ? {} : { input }) };
}

/** @throws TerminalError `unknown-variable`, `no-input-here`, `invalid-input` */
export async function changeCut(
  cut: RunCut,
  changes: CutChanges | undefined,
  catalog: Pick<Catalog, 'checks'>,
): Promise<RunCut> {
  if (changes === undefined) return cut;
  const changed = changedCut(cut, changes);
  if (!changed.ok) throw new TerminalError(changed.reason, { code: changed.code, next: changed.next });
  if (changed.runInput === undefined) return changed.cut;
  const findings = await catalog.checks.input(cut.state.document, changed.runInput);
  if (findings.length === 0) return changed.cut;
  const list = findings.map(({ pointer, detail }) => `${pointer === '' ? '/' : pointer} ${detail}`).join('; ');
  throw new TerminalError(`The input does not fit workflow ${cut.state.workflow.name}: ${list}.`, {
    code: 'invalid-input',
  });
}
