import type { Pool } from 'pg';
import type { Publication } from '../publication/publication.js';

/** What the audit looks at. */
export interface AuditParts {
  readonly pool: Pool;
  /** null where no checkpoints are made. */
  readonly publication: Publication | null;
  /** The folder with the key of the log. */
  readonly keys: string;
}
