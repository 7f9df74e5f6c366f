import { Module } from '@nestjs/common';
import { PromptController } from './prompt.controller.js';

@Module({ controllers: [PromptController] })
export class PromptModule {}
