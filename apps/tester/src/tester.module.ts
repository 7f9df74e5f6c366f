import { Module } from '@nestjs/common';
import { TesterController } from './tester.controller.js';

@Module({ controllers: [TesterController] })
export class TesterModule {}
