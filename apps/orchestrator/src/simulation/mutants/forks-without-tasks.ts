import type { Mutant } from './mutant.js';

const [EVENT_RUN, TYPE] = [14, 16];
const [COMMANDS_FROM, COMMAND_RUN, COMMANDS_TO] = [25, 26, 34];

export const forksWithoutTasks: Mutant = {
  name: 'forks-without-tasks',
  bug: 'a fork takes a state over, and what is open in it is not sent out for the fork',
  foundAt: 15,
  wires: () => ({
    answer: (name, values, next) => {
      if (!name.startsWith('append-batch')) return next(values);
      const runs = values[EVENT_RUN] as readonly string[];
      const forks = new Set(runs.filter((_, n) => (values[TYPE] as readonly string[])[n] === 'RunForked'));
      const isKept = (values[COMMAND_RUN] as readonly string[]).map((run) => !forks.has(run));
      return next(
        values.map((value, at) =>
          at >= COMMANDS_FROM && at < COMMANDS_TO ? (value as readonly unknown[]).filter((_, n) => isKept[n]) : value,
        ),
      );
    },
  }),
};
