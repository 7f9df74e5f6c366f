import { type HostRule, type ProxyReport, parseHostRule, rulesWithin } from '@baton/outbound';
import { type Execution, endingOf } from '@baton/sandbox';
import type { SetUp } from '../checks/check.js';
import { TOOLS_FILE } from '../checks/tools-file.js';
import { hostsOf, type SetUpSettings } from './settings.js';

/** Why a workspace could not be prepared. */
export interface Missing {
  /** Whether it lies with the files of the workspace, which whoever works on them can mend. */
  readonly isOfWork: boolean;
  /** One sentence, and the next step. */
  readonly reason: string;
  /** The end of what the command printed. */
  readonly printed: string;
}

/** The hosts that a set-up may reach: those that it names and the registries of this machine, as far as the operator allows. */
export function hostsFor({ hosts }: SetUp, { registries, onlyHosts }: SetUpSettings): readonly HostRule[] {
  const named = hosts.flatMap((text) => parseHostRule(text) ?? []);
  const wanted = [...named, ...hostsOf(registries)];
  return onlyHosts === null ? wanted : rulesWithin(wanted, onlyHosts);
}

/** What the shell says where there is no such program. */
const NOT_FOUND = 127;
const MOST_PRINTED = 2_000;

const MOST_SHOWN = 80;

/** A command within a sentence: what it begins with. The whole of it stands in the record of the set-up. */
export function shownCommand(command: string): string {
  const [begins = ''] = command.split(/ && \{|\n/, 1);
  const shown = begins.length > MOST_SHOWN ? begins.slice(0, MOST_SHOWN).trimEnd() : begins;
  return shown.length < command.length ? `${shown} …` : shown;
}

/** @returns null where the set-up did its work */
export function problemOf(
  { command }: SetUp,
  { record, stdout, stderr }: Execution,
  network: ProxyReport,
  { onlyHosts }: SetUpSettings,
): Missing | null {
  const ending = endingOf(record);
  if (record.exitCode === 0 && ending === null) return null;
  const printed = `${stdout}\n${stderr}`.trim().slice(-MOST_PRINTED);
  const of = (isOfWork: boolean, sentence: string): Missing => ({
    isOfWork,
    printed,
    reason: `\`${shownCommand(command)}\` ${sentence}`,
  });
  const [away] = network.unreachable;
  if (away !== undefined && network.reached.length === 0)
    return of(
      false,
      `reached none of its hosts (${away.host}: ${away.reason}), so this machine has no network, or none to them. Connect it, name a registry or a proxy that it reaches (npm_config_registry, PIP_INDEX_URL, HTTPS_PROXY), or put what the checks need into the workspace.`,
    );
  const [refused] = network.refused;
  if (refused !== undefined) {
    const isOwn = /is an? .*address|which is/.test(refused.reason);
    const where = onlyHosts === null ? `under setup.hosts in ${TOOLS_FILE}` : 'in BATON_SETUP_HOSTS';
    const next = isOwn
      ? 'Where that is a network of your own, the operator can name the host in BATON_SETUP_OWN_NETWORK.'
      : `If it should be reached, name it ${where}.`;
    return of(false, `asked for ${refused.host}, which was refused: ${refused.reason}. ${next}`);
  }
  if (record.exitCode === NOT_FOUND)
    return of(
      false,
      `needs a program that is not there: ${printed.split('\n').at(-1) ?? ''}. Install it on the machine of validator and programmer, or say in ${TOOLS_FILE} how the workspace is prepared without.`,
    );
  if (ending !== null)
    return of(
      false,
      `did not come to its end: ${ending}. Give it less to do, or more time with setup.timeoutSeconds in ${TOOLS_FILE}.`,
    );
  return of(true, `ended with exit code ${record.exitCode}. See what it printed, and mend what it is about.`);
}
