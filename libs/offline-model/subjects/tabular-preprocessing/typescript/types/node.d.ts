/**
 * The few parts of Node this project uses, declared here so that the type checker needs nothing installed.
 * Once `@types/node` is installed, delete this file and set `types` in tsconfig.json to `["node"]`.
 */
declare module 'node:fs' {
  export function readFileSync(path: string, encoding: 'utf8'): string;
  export function writeFileSync(path: string, text: string): void;
  export function renameSync(from: string, to: string): void;
  export function existsSync(path: string): boolean;
  export function mkdtempSync(prefix: string): string;
  export function readdirSync(path: string): string[];
  export function rmSync(path: string, options: { recursive?: boolean; force?: boolean }): void;
}

declare module 'node:os' {
  export function tmpdir(): string;
}

declare module 'node:path' {
  export function join(...parts: string[]): string;
}

declare module 'node:process' {
  const process: {
    readonly argv: readonly string[];
    exitCode: number;
    readonly stdout: { write(text: string): void };
    readonly stderr: { write(text: string): void };
  };
  export default process;
}

declare module 'node:test' {
  export function test(name: string, body: () => void | Promise<void>): void;
}

declare module 'node:assert/strict' {
  const assert: {
    ok(value: unknown, message?: string): void;
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(text: string, pattern: RegExp): void;
    throws(body: () => unknown, expected: RegExp | object): void;
  };
  export default assert;
}

interface ImportMeta {
  /** The folder of the module. */
  readonly dirname: string;
}
