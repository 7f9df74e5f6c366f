import type { ToolFinding } from '../../task/outputs.js';

const MOST_LINE = 2_000;
/** `src/a.ts:3:7: message`, and without a column: how most tools say it. Bounded, so that no line takes long. */
const PLACED =
  /^(?:\s{0,8}(?:at |-->|→)?\s?)((?:\.{0,2}\/)?[\w@.+-][\w@./+ -]{0,300}\.[A-Za-z]\w{0,9}):(\d{1,7})(?::\d{1,7})?:?\s*(.{0,1500})$/;

/** Lines that name a file and a line of it. */
export function readLines(text: string): readonly ToolFinding[] {
  return text.split('\n').flatMap((line) => {
    if (line.length > MOST_LINE) return [];
    const [, file, number, message = ''] = PLACED.exec(line) ?? [];
    if (file === undefined || number === undefined || message.trim() === '') return [];
    return [{ file: file.replace(/^\.\//, ''), line: Math.max(1, Number(number)), message: message.trim() }];
  });
}

/** What the TypeScript compiler prints without colours: `src/a.ts(3,7): error TS2322: message`, more lines indented below. */
export function readTsc(text: string): readonly ToolFinding[] {
  const findings: ToolFinding[] = [];
  for (const line of text.split('\n')) {
    if (line.length > MOST_LINE) continue;
    const groups = /^(?:(?<file>[^()\n]{1,500})\((?<line>\d+),\d+\): )?error (?<message>TS\d+: .*)$/.exec(line)?.groups;
    const last = findings.at(-1);
    if (groups !== undefined) {
      const { file = null, line: number, message = '' } = groups;
      findings.push({ file, line: number === undefined ? null : Number(number), message });
    } else if (last !== undefined && line.startsWith('  ')) {
      findings[findings.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return findings;
}
