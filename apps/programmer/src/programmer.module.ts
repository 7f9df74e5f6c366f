import type { Messaging } from '@baton/messaging';
import type { TaskHandler, TaskPorts } from '@baton/worker';
import { type DynamicModule, Module } from '@nestjs/common';
import { ProgrammerController } from './programmer.controller.js';
import { HANDLER, MESSAGING, PORTS } from './tokens.js';

@Module({ controllers: [ProgrammerController] })
class ProgrammerModule {}

/** The parts are made before Nest starts, since their start can fail with a sentence for the operator. */
export const programmerModule = (parts: {
  readonly handler: TaskHandler;
  readonly messaging: Messaging;
  readonly ports: TaskPorts;
}): DynamicModule => ({
  module: ProgrammerModule,
  providers: [
    { provide: HANDLER, useValue: parts.handler },
    { provide: MESSAGING, useValue: parts.messaging },
    { provide: PORTS, useValue: parts.ports },
  ],
});
