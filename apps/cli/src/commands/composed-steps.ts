import { conditionInWords, isJsonObject, type Json, type JsonObject } from '@baton/contracts';

/** A task of a composed workflow, and how it comes to be done. */
interface ComposedTask {
  readonly name: string;
  readonly resource: string;
  /** Empty where it simply comes next. */
  readonly how: string;
}

/** The tasks of a composed document, in its order, those within branches and lists as well. */
export function composedSteps({ definition }: JsonObject): readonly ComposedTask[] {
  return tasksIn(definition, '');
}

function tasksIn(machine: Json | undefined, how: string): readonly ComposedTask[] {
  const states = isJsonObject(machine) && isJsonObject(machine.States) ? machine.States : {};
  const ways = waysIn(states);
  return Object.entries(states).flatMap(([name, state]): readonly ComposedTask[] => {
    if (!isJsonObject(state)) return [];
    const own = [how, ways.get(name) ?? ''].filter((each) => each !== '').join(', ');
    if (typeof state.Resource === 'string') return [{ name, resource: state.Resource, how: own }];
    if (isJsonObject(state.ItemProcessor)) {
      const inner = tasksIn(state.ItemProcessor, [own, 'for each'].filter((each) => each !== '').join(', '));
      // It is known by the name of its step, as its cost is.
      return inner.map((each) => ({ ...each, name }));
    }
    const branches = Array.isArray(state.Branches) ? state.Branches : [];
    return branches.flatMap((branch, at) => tasksIn(branch, `side ${at + 1} of ${branches.length}`));
  });
}

/** The condition of each state that stands on a way of a choice, until its ways come together. */
function waysIn(states: JsonObject): ReadonlyMap<string, string> {
  const leadTo = Map.groupBy(Object.values(states).flatMap(nextOf), (name) => name);
  const ways = new Map<string, string>();
  for (const state of Object.values(states)) {
    if (!isJsonObject(state) || state.Type !== 'Choice' || !Array.isArray(state.Choices)) continue;
    const named = state.Choices.filter(isJsonObject).map(({ Next, Condition }) => [
      Next,
      `if ${typeof Condition === 'string' ? conditionInWords(Condition) : ''}`,
    ]);
    for (const [first, how] of [...named, [state.Default, 'otherwise']]) {
      let at = first;
      while (typeof at === 'string' && leadTo.get(at)?.length === 1 && typeof how === 'string') {
        ways.set(at, how);
        [at] = nextOf(states[at]);
      }
    }
  }
  return ways;
}

function nextOf(state: Json | undefined): readonly string[] {
  if (!isJsonObject(state)) return [];
  const choices = Array.isArray(state.Choices) ? state.Choices.filter(isJsonObject).map(({ Next }) => Next) : [];
  return [...choices, state.Default, state.Next].filter((name) => typeof name === 'string');
}
