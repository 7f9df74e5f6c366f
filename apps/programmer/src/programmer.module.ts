import { Module } from '@nestjs/common';
import { ProgrammerController } from './programmer.controller.js';

@Module({ controllers: [ProgrammerController] })
export class ProgrammerModule {}
