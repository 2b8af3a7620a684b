/**
 * The demo mailbox: the last mails that the embedded mail catcher took, in memory and, where a folder is given, as
 * `.eml` files, so that another process of the same installation sees them and a restart keeps them.
 *
 * Always true:
 * - at most `keep` mails and 64 MB are held, the newest; what is dropped is deleted from the folder too;
 * - a mail's id says when it came, so ids sort as the mails do;
 * - only files that this mailbox named are ever read or deleted.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { decodeTime, monotonicFactory } from 'ulid';

export interface CaughtMail {
  id: string;
  received_at: Date;
  /** Whom the server was told to deliver it to: the envelope, not the To header. */
  recipients: string[];
  raw: Buffer;
  parsed: Email;
}

export interface MailboxOptions {
  keep?: number;
  folder?: string;
}

const MAX_BYTES = 64 * 1024 * 1024;
const FILE = /^(mail_[0-9A-HJKMNP-TV-Z]{26})\.eml$/;
/** Ours, put before the message in its file and taken off again when it is read. */
const ENVELOPE_HEADER = /^X-Caught-For: ([^\r\n]*)\r\n/;

export class Mailbox {
  readonly #keep: number;
  readonly #folder: string | null;
  readonly #mails = new Map<string, CaughtMail>();
  readonly #nextId = monotonicFactory();
  #waiting: (() => void)[] = [];

  constructor(options: MailboxOptions = {}) {
    this.#keep = options.keep ?? 200;
    this.#folder = options.folder ?? null;
  }

  async add(raw: Buffer, recipients: string[]): Promise<CaughtMail> {
    const id = `mail_${this.#nextId()}`;
    const mail = { id, received_at: new Date(), recipients, raw, parsed: await PostalMime.parse(raw) };
    if (this.#folder) {
      await mkdir(this.#folder, { recursive: true });
      const file = join(this.#folder, `${id}.eml`);
      const envelope = `X-Caught-For: ${recipients.join(' ').replace(/[\r\n]/g, ' ')}\r\n`;
      // Whole or not at all: another process may be listing the folder.
      await writeFile(`${file}.part`, Buffer.concat([Buffer.from(envelope), raw]));
      await rename(`${file}.part`, file);
    }
    this.#mails.set(id, mail);
    await this.#drop();
    for (const arrived of this.#waiting.splice(0)) arrived();
    return mail;
  }

  /** Newest first. */
  async list(): Promise<CaughtMail[]> {
    await this.#readFolder();
    return [...this.#mails.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  async get(id: string): Promise<CaughtMail | null> {
    if (!this.#mails.has(id)) await this.#readFolder();
    return this.#mails.get(id) ?? null;
  }

  async clear(): Promise<void> {
    const ids = (await this.list()).map((mail) => mail.id);
    await Promise.all(ids.map((id) => this.#forget(id)));
  }

  /** Resolves with the mails, newest first, once at least `count` have been caught by this process. */
  async arrived(count: number): Promise<CaughtMail[]> {
    while (this.#mails.size < count) await new Promise<void>((done) => this.#waiting.push(done));
    return this.list();
  }

  async #readFolder(): Promise<void> {
    if (!this.#folder) return;
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const ids = new Set<string>();
    for (const name of names) {
      const id = FILE.exec(name)?.[1];
      if (!id) continue;
      ids.add(id);
      if (!this.#mails.has(id)) await this.#readFile(id);
    }
    for (const id of this.#mails.keys()) if (!ids.has(id)) this.#mails.delete(id);
    await this.#drop();
  }

  async #readFile(id: string): Promise<void> {
    const file = await readFile(join(this.#folder as string, `${id}.eml`)).catch(() => null);
    if (!file) return;
    const envelope = ENVELOPE_HEADER.exec(file.subarray(0, 4000).toString('latin1'));
    const raw = envelope ? file.subarray(envelope[0].length) : file;
    const recipients = envelope?.[1]?.split(' ').filter(Boolean) ?? [];
    const parsed = await PostalMime.parse(raw).catch(() => null);
    if (parsed)
      this.#mails.set(id, { id, received_at: new Date(decodeTime(id.slice('mail_'.length))), recipients, raw, parsed });
  }

  async #drop(): Promise<void> {
    const newestFirst = [...this.#mails.keys()].sort().reverse();
    let bytes = 0;
    for (const [at, id] of newestFirst.entries()) {
      bytes += this.#mails.get(id)?.raw.length ?? 0;
      if (at >= this.#keep || (at > 0 && bytes > MAX_BYTES)) await this.#forget(id);
    }
  }

  async #forget(id: string): Promise<void> {
    this.#mails.delete(id);
    if (this.#folder) await rm(join(this.#folder, `${id}.eml`), { force: true });
  }
}
