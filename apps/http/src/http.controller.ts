import { type Task, workerQueue } from '@baton/contracts';
import type { Delivery } from '@baton/messaging';
import { message } from '@baton/queue-service';
import { TAKE_TASK, type TakeTask } from '@baton/worker';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';

@Controller()
export class HttpController {
  constructor(@Inject(TAKE_TASK) private readonly takeTask: TakeTask) {}

  @MessagePattern(message(workerQueue('http'), 'task'))
  task(@Payload() task: Task, @Ctx() delivery: Delivery): Promise<void> {
    return this.takeTask(task, delivery);
  }
}
