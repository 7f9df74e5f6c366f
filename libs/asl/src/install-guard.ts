import type jsonata from '#jsonata';
import { charge, checkSize, evaluationOf, expressionError, stepsLeft } from './guard.js';
import { chargeOperand, costOfNode, markOperands, type Node } from './node-costs.js';
import { copyCost, listCost } from './weigh.js';

interface Frame {
  lookup(name: string | symbol): unknown;
  readonly base: { depth: number; timestamp: Date };
}

/*
 * JSONata 2.2 offers a time box of its own (`timeout`, `stack`), but it reads the clock. It also looks up two callbacks
 * around every node it evaluates; those count instead. As the callbacks are awaited, a recursive expression grows a
 * chain of promises on the heap and not the stack, so it stops at `maxDepth` on every machine and never overflows.
 */
export function installGuard(program: jsonata.Expression): void {
  markOperands(program.ast());
  const assign = (name: symbol, value: unknown) => Reflect.apply(program.assign, program, [name, value]);
  assign(Symbol.for('jsonata.__evaluate_entry'), (node: Node, input: unknown, frame: Frame) => {
    const evaluation = evaluationOf(frame);
    // The default for missing parts of a date in $toMillis: without this, today's date would leak in.
    if (frame.base.depth === 1) frame.base.timestamp = new Date(evaluation.nowMs);
    charge(evaluation, 1 + costOfNode(node, input, evaluation));
    if (frame.base.depth > evaluation.limits.maxDepth) {
      throw expressionError('B1005', `nested deeper than ${evaluation.limits.maxDepth}: does the recursion end?`);
    }
  });
  assign(Symbol.for('jsonata.__evaluate_exit'), (node: Node, _input: unknown, frame: Frame, result: unknown) => {
    const evaluation = evaluationOf(frame);
    checkSize(evaluation, result);
    if (Array.isArray(result)) charge(evaluation, listCost(result, stepsLeft(evaluation)));
    else if (node.value === '&' && typeof result === 'string') charge(evaluation, copyCost(result.length));
    chargeOperand(node, result, evaluation);
  });
}
