import type { Mutant } from './mutant.js';

export const keepsTimersInMemory: Mutant = {
  name: 'keeps-timers-in-memory',
  bug: 'a hub knows only of the timers and deadlines that were set while it lived',
  foundAt: 19,
  wires: ({ tables }) => {
    const since = new Map<string, number>();
    return {
      answer: (name, values, next, process) => {
        if (name === 'claim-lane') since.set(process.name, tables.nowMs());
        if (!name.startsWith('commands-due')) return next(values);
        const bornMs = since.get(process.name) ?? 0;
        return next(values).filter((row) => {
          const command = 'command_id' in row ? tables.commands.get(String(row.command_id)) : undefined;
          return command === undefined || command.createdMs >= bornMs;
        });
      },
    };
  },
};
