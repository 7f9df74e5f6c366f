import { type Task, workerQueue } from '@baton/contracts';
import { type Delivery, type Messaging, message } from '@baton/messaging';
import { type TaskHandler, type TaskPorts, taskToResult } from '@baton/worker';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { HANDLER, MESSAGING, PORTS } from './tokens.js';

@Controller()
export class ValidatorController {
  constructor(
    @Inject(HANDLER) private readonly handler: TaskHandler,
    @Inject(MESSAGING) private readonly messaging: Messaging,
    @Inject(PORTS) private readonly ports: TaskPorts,
  ) {}

  /** The result is on its queue before the task is done: a crash in between repeats the task, and the journal answers. */
  @MessagePattern(message(workerQueue('validator'), 'task'))
  async task(@Payload() task: Task, @Ctx() delivery: Delivery): Promise<void> {
    const result = await taskToResult(task, this.handler, this.ports, delivery.signal);
    if (result !== null) await this.messaging.publish(result.queue, [result]);
  }
}
