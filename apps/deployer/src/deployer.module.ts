import { Module } from '@nestjs/common';
import { DeployerController } from './deployer.controller.js';

@Module({ controllers: [DeployerController] })
export class DeployerModule {}
