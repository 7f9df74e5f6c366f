import { Module } from '@nestjs/common';
import { ValidatorController } from './validator.controller.js';

@Module({ controllers: [ValidatorController] })
export class ValidatorModule {}
