import { fileReader, pathProblem, secretByName, secretInContent, sha256Of } from '@baton/workspace';
import { type Kind, kindOfName } from './documents/kinds.js';
import { type Document, readDocument } from './documents/read-document.js';
import { type KnowledgeLimits, sizeOf } from './limits.js';
import { mostBytesOf, type Page } from './places/fetch-page.js';
import { locate } from './places/location.js';
import { findOnMachine, type MachineSettings } from './places/on-machine.js';
import type { FoundFile } from './places/walk-folder.js';

/** A file of what the run works on, as it was when the run began. */
export interface RunFile {
  readonly path: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly read: () => Promise<Buffer>;
}

/** One text, image or PDF that can be read. */
export type Source = TextSource | MediaSource;

interface SourceFacts {
  /** The path or address that it is asked for by. */
  readonly name: string;
  /** When its bytes were read or fetched, RFC 3339. */
  readonly readAt: string;
  readonly bytes: number;
}
export interface TextSource extends SourceFacts {
  readonly kind: 'text';
  readonly sha256: string;
  readonly document: Document;
  readonly isPage: boolean;
}
/** Read when somebody asks for it: a folder may hold many. */
interface MediaSource extends SourceFacts {
  readonly kind: 'image' | 'pdf';
  readonly isPage: boolean;
  readonly load: () => Promise<Buffer | null>;
}

/** A location or a part of one that is not read; `reason` is a clause with what to do. */
export interface LeftOut {
  readonly location: string;
  readonly reason: string;
}

export interface Gathered {
  readonly sources: readonly Source[];
  readonly leftOut: readonly LeftOut[];
}

export interface GatherParts {
  readonly runFiles: readonly RunFile[];
  readonly machine: MachineSettings;
  readonly limits: KnowledgeLimits;
  readonly fetch: (
    url: URL,
    signal: AbortSignal,
  ) => Promise<
    { readonly ok: true; readonly page: Page; readonly at: string } | { readonly ok: false; readonly reason: string }
  >;
  /** The document of these bytes, from the cache where it is there. */
  readonly documentOf: (
    sha256: string,
    kind: TextKind,
    charset: string | null,
    read: () => Promise<Buffer>,
  ) => Promise<Document | null>;
  readonly now: () => Date;
}

type TextKind = Parameters<typeof readDocument>[1];

const MOST_LEFT_OUT = 100;

/** Finds and reads all that the locations name. What cannot be read is left out with its reason. Throws for `signal` alone. */
export async function gather(locations: readonly string[], parts: GatherParts, signal: AbortSignal): Promise<Gathered> {
  const { limits } = parts;
  const work = openGathering(parts, signal);
  for (const text of new Set(locations.slice(0, limits.locations))) {
    signal.throwIfAborted();
    await addLocation(text, parts, work, signal);
  }
  const more = locations.length - limits.locations;
  if (more > 0) work.leaveOut(`${more} more locations`, `only ${limits.locations} are read: name folders instead`);
  return work.gathered();
}

/** One file or page, before it is read. */
interface Candidate {
  readonly name: string;
  readonly kind: Kind | null;
  readonly size: number;
  /** Where it is known without reading. */
  readonly sha256?: string;
  readonly charset?: string | null;
  readonly readAt: string;
  readonly isPage: boolean;
  /** The bytes, or a clause that says why there are none. */
  readonly read: () => Promise<Buffer | string>;
}

interface Gathering {
  readonly leaveOut: (location: string, reason: string) => void;
  /** False where no more may be taken. */
  readonly add: (candidate: Candidate) => Promise<boolean>;
  readonly gathered: () => Gathered;
}

function openGathering({ limits, documentOf, now }: GatherParts, signal: AbortSignal): Gathering {
  const sources = new Map<string, Source>();
  const leftOut: LeftOut[] = [];
  const untilMs = now().getTime() + limits.gatherMs;
  let uncounted = 0;
  let bytes = 0;
  const leaveOut = (location: string, reason: string): void => {
    if (leftOut.length < MOST_LEFT_OUT) leftOut.push({ location: printable(location), reason });
    else uncounted += 1;
  };
  const addText = async (candidate: Candidate, kind: TextKind): Promise<void> => {
    const { name, readAt, isPage, size, charset = null } = candidate;
    const refusal: { reason?: string } = {};
    const held: { bytes?: Buffer } = {};
    const read = async (): Promise<Buffer> => {
      const found = held.bytes ?? (await candidate.read());
      if (typeof found === 'string') refusal.reason = found;
      else held.bytes = found;
      return typeof found === 'string' ? Buffer.alloc(0) : found;
    };
    const sha256 = candidate.sha256 ?? sha256Of(await read());
    const document = refusal.reason === undefined ? await documentOf(sha256, kind, charset, read) : null;
    if (refusal.reason !== undefined || document === null) {
      leaveOut(name, refusal.reason ?? 'it is no text: give it as text, Markdown, HTML, PDF or an image');
      return;
    }
    bytes += size;
    sources.set(name, { kind: 'text', name, readAt, isPage, bytes: size, sha256, document });
  };
  return {
    leaveOut,
    add: async (candidate) => {
      signal.throwIfAborted();
      const { name, kind, size } = candidate;
      if (sources.has(name)) return true;
      const full = fullReason(sources.size, bytes, now().getTime() > untilMs, limits);
      if (full !== null) {
        leaveOut(name, full);
        return false;
      }
      if (kind === null) leaveOut(name, 'it is neither text nor an image or PDF: give what it says as text');
      else if (size > mostBytesOf(kind, limits))
        leaveOut(
          name,
          `it has ${sizeOf(size)}, and at most ${sizeOf(mostBytesOf(kind, limits))} are read: give the part that matters`,
        );
      else if (kind === 'image' || kind === 'pdf')
        sources.set(name, {
          kind,
          name,
          bytes: size,
          readAt: candidate.readAt,
          isPage: candidate.isPage,
          load: async () => {
            const found = await candidate.read();
            return typeof found === 'string' ? null : found;
          },
        });
      else await addText(candidate, kind);
      return true;
    },
    gathered: () => ({
      sources: [...sources.values()],
      leftOut:
        uncounted === 0
          ? leftOut
          : [
              ...leftOut,
              { location: `${uncounted} more`, reason: 'they were left out as well: name what matters by itself' },
            ],
    }),
  };
}

function fullReason(count: number, bytes: number, isLate: boolean, limits: KnowledgeLimits): string | null {
  if (count >= limits.sources)
    return `this and all after it were left out, since ${limits.sources} files were read before: name a smaller folder`;
  if (bytes >= limits.totalBytes)
    return `this and all after it were left out, since ${sizeOf(limits.totalBytes)} were read before: name a smaller folder`;
  return isLate
    ? `this and all after it were left out, since ${limits.gatherMs / 1000} s were over: name a smaller folder`
    : null;
}

async function addLocation(text: string, parts: GatherParts, work: Gathering, signal: AbortSignal): Promise<void> {
  const location = locate(text);
  switch (location.type) {
    case 'refused':
      return work.leaveOut(text, location.reason);
    case 'run':
      return addRunFiles(text, location.path, parts, work);
    case 'machine':
      return addMachineFiles(location.path, parts, work);
    case 'page': {
      const fetched = await parts.fetch(location.url, signal);
      if (!fetched.ok) return work.leaveOut(text, fetched.reason);
      const { bytes, kind, charset } = fetched.page;
      const read = async (): Promise<Buffer> => bytes;
      await work.add({
        name: location.url.href,
        kind,
        charset,
        size: bytes.length,
        readAt: fetched.at,
        isPage: true,
        read,
      });
    }
  }
}

async function addRunFiles(text: string, path: string, { runFiles, now }: GatherParts, work: Gathering): Promise<void> {
  const found = runFiles.filter((file) => path === '' || file.path === path || file.path.startsWith(`${path}/`));
  if (found.length === 0) {
    const reason =
      runFiles.length === 0
        ? 'the run has no workspace in which it could be: submit with --workspace, or give an absolute path or an address'
        : 'there is no such file or folder in the workspace: check how it is written';
    return work.leaveOut(text, reason);
  }
  for (const { path: name, size, sha256, read } of found) {
    const readAt = now().toISOString();
    if (!(await work.add({ name, kind: kindOfName(name), size, sha256, readAt, isPage: false, read }))) return;
  }
}

async function addMachineFiles(path: string, { machine, limits, now }: GatherParts, work: Gathering): Promise<void> {
  const found = await findOnMachine(path, machine);
  if (found.type === 'refused') return work.leaveOut(path, found.reason);
  const { folder, files, leftOut, isCut } = found;
  const nameOf = (file: string): string => (folder === '/' ? `/${file}` : `${folder}/${file}`);
  for (const each of leftOut) work.leaveOut(nameOf(each.path), each.reason);
  if (isCut) work.leaveOut(path, `only ${limits.entries} names of it were looked at: name a smaller folder`);
  const read = fileReader(folder, {
    fileBytes: limits.pdfBytes,
    files: limits.sources,
    totalBytes: limits.totalBytes,
    depth: limits.depth,
  });
  for (const file of files) {
    const reason = nameReason(file);
    if (reason !== null) work.leaveOut(nameOf(file.path), reason);
    else if (
      !(await work.add({ ...candidateOf(file, nameOf(file.path), now()), read: () => readOnMachine(file, read) }))
    )
      return;
  }
}

function nameReason({ path }: FoundFile): string | null {
  const problem = pathProblem(path);
  if (problem !== null) return `its path ${problem}: give it another name`;
  const secret = secretByName(path);
  return secret === null ? null : `${secret}: give what may be read under another name`;
}

const candidateOf = ({ size }: FoundFile, name: string, at: Date): Omit<Candidate, 'read'> => ({
  name,
  kind: kindOfName(name),
  size,
  readAt: at.toISOString(),
  isPage: false,
});

async function readOnMachine(file: FoundFile, read: ReturnType<typeof fileReader>): Promise<Buffer | string> {
  const found = await read(file.path);
  if (found.found === 'nothing') return 'it went away while it was read: try again';
  if (found.found !== 'file') return `${found.reason}: name another file`;
  const secret = secretInContent(found.bytes);
  return secret === null ? found.bytes : `${secret}: take that out`;
}

/** A name with control characters could do things to a terminal. */
const printable = (text: string): string =>
  text
    .slice(0, 300)
    .toWellFormed()
    .replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
