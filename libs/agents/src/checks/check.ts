import { z } from 'zod';
import type { DeploySection } from './deploy-section.js';

/** What a command prints, or writes to a file, can be read as one of these. `lines` is anything. */
export const FindingsFormat = z.enum(['lines', 'tap', 'junit', 'sarif', 'tsc', 'eslint', 'ruff']);
export type FindingsFormat = z.infer<typeof FindingsFormat>;

/** A command of a workspace that judges it. */
export interface Check {
  /** A word: what the findings and the agents call it. */
  readonly name: string;
  /** For a shell, in the folder of the workspace. */
  readonly command: string;
  readonly timeoutMs: number;
  /** The exit codes that mean that it found something; null: any but 0. Other codes but 0 mean that it could not run. */
  readonly failsOn: readonly number[] | null;
  readonly findings: {
    readonly format: FindingsFormat;
    /** Where they are: what it printed, or a file that it wrote. */
    readonly from: 'output' | { readonly file: string };
  };
  /** What whoever runs it may add, such as the name of one test; null: nothing. */
  readonly takes: ArgumentRule | null;
  /** Whether it needs what the set-up makes. */
  readonly needsSetUp: boolean;
}

/** `plain`: names and places, and nothing that looks like an option. A list: these words, in which `*` stands for anything. */
export type ArgumentRule = 'plain' | readonly string[];

/** What makes a workspace ready before anything in it is run. */
export interface SetUp {
  readonly command: string;
  readonly timeoutMs: number;
  /** The only hosts it may reach. */
  readonly hosts: readonly string[];
  /** The files that it sees, and whose content says whether it has to run again; none: all. */
  readonly lockfiles: readonly string[];
  /** The folders it fills. */
  readonly fills: readonly string[];
  /** Folders within those that checks may write, for themselves. */
  readonly scratch: readonly string[];
}

/** How a workspace is judged. */
export interface WorkspaceChecks {
  /** `file`: the workspace says so itself; `detected`: its files look like it. */
  readonly source: 'file' | 'detected';
  readonly setUp: SetUp | null;
  readonly checks: readonly Check[];
  /** How it is deployed; null where it does not say. */
  readonly deploy: DeploySection | null;
}

/** What of a workspace is looked at to find its checks. */
export interface LookedAt {
  /** All paths, in their order. */
  readonly paths: readonly string[];
  /** The text of a file, or null where there is none or it is no text. */
  readonly text: (path: string) => Promise<string | null>;
}
