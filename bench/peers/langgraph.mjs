import { randomUUID } from 'node:crypto';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { drive } from './driver.mjs';

const State = Annotation.Root({ done: Annotation() });

/** A graph of nodes that do nothing but count, one after the other. @param {number} nodes @param {PostgresSaver} checkpointer */
function chainOf(nodes, checkpointer) {
  const names = Array.from({ length: nodes }, (_, index) => `S${index + 1}`);
  const graph = new StateGraph(State);
  for (const [index, name] of names.entries()) graph.addNode(name, async () => ({ done: index + 1 }));
  for (const [index, name] of names.entries()) graph.addEdge(names[index - 1] ?? START, name);
  graph.addEdge(names.at(-1), END);
  return graph.compile({ checkpointer });
}

await drive(async (postgresUrl) => {
  const checkpointer = PostgresSaver.fromConnString(postgresUrl);
  await checkpointer.setup();
  const graphs = new Map();
  return {
    async run(steps) {
      const graph = graphs.get(steps) ?? chainOf(steps, checkpointer);
      graphs.set(steps, graph);
      await graph.invoke({ done: 0 }, { configurable: { thread_id: randomUUID() }, durability: 'sync' });
    },
    stop: () => checkpointer.end(),
  };
});
