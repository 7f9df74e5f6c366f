import { Json, type RunId } from '@baton/contracts';
import { type Sealer, subjectIn } from '@baton/personal-data';
import {
  type CutChanges,
  changedCut,
  fromSnapshot,
  personalPlacesOfInput,
  type RunCut,
  RunSnapshot,
  toSnapshot,
} from '@baton/workflow';

interface ForkedFrom {
  readonly sealer: Sealer;
  /** Without what is changed. */
  readonly before: RunCut;
  readonly from: RunId;
  readonly to: RunId;
}

/**
 * A fork as it may be written down: what was sealed for the run that it comes from is sealed for itself, and what is personal
 * in the input that it is given is sealed, too.
 *
 * @param cut with the changes in it, checked
 */
export async function sealFork(
  cut: RunCut,
  changed: CutChanges | undefined,
  { sealer, before, from, to }: ForkedFrom,
): Promise<{ readonly cut: RunCut; readonly changed: CutChanges | undefined }> {
  const sealed = await sealChanges(changed, before, sealer, from);
  const again = sealed === changed || sealed === undefined ? null : changedCut(before, sealed);
  const { state, ...rest } = again?.ok === true ? again.cut : cut;
  const snapshot = Json.parse(toSnapshot(state));
  const moved = await sealer.moved(snapshot, from, to);
  return {
    cut: { ...rest, state: moved === snapshot ? state : fromSnapshot(RunSnapshot.parse(moved)) },
    changed: sealed?.input === undefined ? sealed : { ...sealed, input: await sealer.moved(sealed.input, from, to) },
  };
}

async function sealChanges(
  changed: CutChanges | undefined,
  { state }: RunCut,
  sealer: Sealer,
  runId: RunId,
): Promise<CutChanges | undefined> {
  if (changed?.input === undefined) return changed;
  const places = personalPlacesOfInput(state.document, changed.input);
  if (places === null) return changed;
  // What is given to a later state need not name anybody: it is about whom the run is.
  let { input } = changed;
  for (const mark of places.marks) {
    const named = subjectIn(changed.input, mark.subject) === null ? state.input : changed.input;
    input = await sealer.sealed(input, [mark], { input: named, runId });
  }
  return { ...changed, input };
}
