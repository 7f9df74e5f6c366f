import { setTimeout as sleep } from 'node:timers/promises';
import {
  ErasePersonal,
  LookUpPersonal,
  type PersonalErasureList,
  type PersonalErasureView,
  type PersonalSubjectView,
} from '@baton/contracts';
import { archivedOfSubject, erasePersonal, findPersonalSubject, listPersonalErasures } from '@baton/event-store';
import { KNOWN_FOR_MS } from '@baton/personal-data';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Whose data runs hold, and that they are nobody's to read any more. */
@Controller('v1/personal')
export class PersonalController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post('lookups')
  @HttpCode(200)
  async lookUp(@Body() body: unknown): Promise<PersonalSubjectView> {
    const { subject } = parseBody(LookUpPersonal, body);
    const found = await findPersonalSubject(this.parts.pool, subject);
    if (found === null) throw nothingOf();
    const { runIds, ...rest } = found;
    return { ...rest, runs: [...runIds] };
  }

  /** Answers when no process remembers the key either. */
  @Post('erasures')
  @HttpCode(200)
  async erase(@Body() body: unknown): Promise<PersonalErasureView> {
    const { subject, reason } = parseBody(ErasePersonal, body);
    const { caller } = this.parts;
    const erased = await this.#erase(subject, { by: caller().actor, reason });
    if (erased === null) throw nothingOf();
    await sleep(KNOWN_FOR_MS);
    return erased;
  }

  /** Archives hold journals in plain words: runs that are in one come back first, and their files are removed. */
  async #erase(subject: string, by: Parameters<typeof erasePersonal>[2]) {
    const { pool, archives } = this.parts;
    for (;;) {
      for (let runs = await archivedOfSubject(pool, subject); runs.length > 0; ) {
        for (const { runId } of runs) await archives.readBack(runId);
        runs = await archivedOfSubject(pool, subject);
      }
      await archives.removeLeft();
      const erased = await erasePersonal(pool, subject, by);
      if (erased !== 'archived') return erased;
    }
  }

  @Get('erasures')
  async list(): Promise<PersonalErasureList> {
    return { erasures: [...(await listPersonalErasures(this.parts.pool))] };
  }
}

const nothingOf = (): ProblemError =>
  new ProblemError('Nothing is known of this subject: no run has anything of it under seal, or it was erased.', {
    status: 404,
    code: 'subject-not-found',
    next: 'Look whether the id is the one that the inputs of its runs name; GET /v1/personal/erasures lists what was erased.',
  });
