/** What the whole API shares: its connections, its log, and how it tells the relay of a commit. */
import type { Mailbox } from '../../src/gateways/mailbox.ts';
import type { Log } from '../../src/log.ts';
import type { Database } from '../../src/store/database.ts';
import type { Doorbell } from '../../workers/queue.ts';
import type { JobWatcher } from './job-watcher.ts';
import type { Principals } from './principals.ts';

export interface Api {
  database: Database;
  doorbell: Doorbell;
  watcher: JobWatcher;
  principals: Principals;
  log: Log;
  /** The business clock. */
  now: () => Date;
  /** A job was just committed. */
  poke: () => void;
  /** The demo mailbox of an installation whose mails stay here. */
  mailbox: Mailbox | null;
}
