import type { Messaging } from '@baton/messaging';
import type { TaskHandler, TaskPorts } from '@baton/worker';
import { type DynamicModule, Module } from '@nestjs/common';
import { HANDLER, MESSAGING, PORTS } from './tokens.js';
import { ValidatorController } from './validator.controller.js';

@Module({ controllers: [ValidatorController] })
class ValidatorModule {}

/** The parts are made before Nest starts, since their start can fail with a sentence for the operator. */
export const validatorModule = (parts: {
  readonly handler: TaskHandler;
  readonly messaging: Messaging;
  readonly ports: TaskPorts;
}): DynamicModule => ({
  module: ValidatorModule,
  providers: [
    { provide: HANDLER, useValue: parts.handler },
    { provide: MESSAGING, useValue: parts.messaging },
    { provide: PORTS, useValue: parts.ports },
  ],
});
