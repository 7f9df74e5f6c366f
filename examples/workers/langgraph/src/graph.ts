import type { TaskAnswer } from '@baton/contracts';
import type { BatonCheckpointSaver } from '@baton/langgraph';
import { Annotation, END, interrupt, START, StateGraph } from '@langchain/langgraph';
import type { Change, Used, World } from './world.ts';

const State = Annotation.Root({
  version: Annotation<string>,
  ask: Annotation<boolean>,
  changes: Annotation<readonly Change[]>,
  groups: Annotation<string>,
  notes: Annotation<string>,
  verdict: Annotation<string>,
  url: Annotation<string | null>,
  used: Annotation<readonly Used[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
});

/**
 * Release notes in five steps: what changed, in groups, as a text, with the consent of a person, and published. Each step is kept
 * before the next begins, so what a step has done outside is done again only where the worker was killed in the middle of it.
 */
export const releaseNotes = (world: World) => (checkpointer: BatonCheckpointSaver) =>
  new StateGraph(State)
    .addNode('collect', async ({ version }) => ({ changes: await world.changesOf(version) }))
    .addNode('group', async ({ changes, used: before }) => {
      const order =
        'Put these changes into the groups Added, Changed and Fixed, one line each. Leave out what no user notices.';
      const { text, used } = await world.ask(order, changes.map(({ id, text }) => `${id}: ${text}`).join('\n'));
      world.tell([...before, used]);
      return { groups: text, used: [used] };
    })
    .addNode('draft', async ({ version, groups, used: before }) => {
      const order = `Write the release notes of version ${version} in Markdown, for its users.`;
      const { text, used } = await world.ask(order, groups);
      world.tell([...before, used]);
      return { notes: text, used: [used] };
    })
    .addNode('confirm', ({ ask, notes, version, used }) => {
      world.tell(used);
      if (!ask) return { verdict: 'publish' };
      const text = `Publish these notes of ${version}?\n\n${notes.slice(0, 3_000)}`;
      const answer = interrupt<object, TaskAnswer>({ text, choices: ['publish', 'leave it'] });
      // Silence publishes nothing.
      return { verdict: answer.outcome === 'answered' ? answer.text : 'leave it' };
    })
    .addNode('publish', async ({ version, notes, verdict, used }) => {
      world.tell(used);
      return { url: verdict === 'publish' ? await world.publish(version, notes) : null };
    })
    .addEdge(START, 'collect')
    .addEdge('collect', 'group')
    .addEdge('group', 'draft')
    .addEdge('draft', 'confirm')
    .addEdge('confirm', 'publish')
    .addEdge('publish', END)
    .compile({ checkpointer });
