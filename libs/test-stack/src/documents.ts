/**
 * A task that does nothing and a Choice that goes back to it, until it was done `times` times: a run of any length, of six
 * events a turn of the wheel.
 * @param kind of the worker that is asked
 */
export const loopOf = (name: string, kind: string) => ({
  name,
  version: '1.0.0',
  title: 'The same task time and again',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    States: {
      Prepare: {
        Type: 'Pass',
        Assign: { done: 0, times: '{% $states.input.times %}' },
        Next: 'Work',
      },
      Work: {
        Type: 'Task',
        Resource: `baton:worker:${kind}`,
        Arguments: { done: '{% $done %}' },
        Assign: { done: '{% $done + 1 %}' },
        Output: '{% $states.input %}',
        Next: 'Enough',
      },
      Enough: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $done < $times %}', Next: 'Work' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  },
});

/** A worker that does nothing is asked about each item, and the item itself is the outcome: the result shows the order. */
export const mapOf = (name: string, maxConcurrency: number) => ({
  name,
  version: '1.0.0',
  title: 'A long list, item by item',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ...(maxConcurrency === 0 ? {} : { MaxConcurrency: maxConcurrency }),
        ItemProcessor: {
          StartAt: 'Item',
          States: {
            Item: {
              Type: 'Task',
              Resource: 'baton:worker:noop',
              Arguments: { item: '{% $states.context.Map.Item.Value %}' },
              Output: '{% $states.input %}',
              End: true,
            },
          },
        },
        End: true,
      },
    },
  },
});
