/**
 * Releases a collection: asks again about every line, hands over those that still stand, and writes the bank's file, once.
 *
 * Always true: the lines are in flight and the file is written, or neither can be seen as done: a release that dies
 * between the two goes on with the file when it is started again.
 */
import { createHash } from 'node:crypto';
import type { Context, ReadContext } from '../context.ts';
import { decideRelease, nextCollectionState } from '../domain/collections/release.ts';
import { checkReleaser } from '../domain/collections/releaser.ts';
import { readIban } from '../domain/iban.ts';
import { cents, sum } from '../domain/money.ts';
import { Refusal } from '../errors/refusal.ts';
import { writePain008 } from '../formats/sepa/pain008.ts';
import { type Pain008Group, type Pain008Row, paymentInformationId } from '../formats/sepa/pain008-message.ts';
import { identifierOfId } from '../formats/sepa/text.ts';
import { type FileGroup, type FileRow, groupsOfFile, insertFilePart, rowsOfFile } from '../store/collection-file.ts';
import {
  blockedCustomersOf,
  loadCollection,
  presentLines,
  recheckLines,
  type StoredCollection,
  updateFigures,
} from '../store/collections.ts';
import { ibanPurpose } from '../store/mandates.ts';
import { theSealer } from '../store/sealing.ts';
import { refuseAfterRestore } from './after-restore.ts';
import { announce } from './announce.ts';
import { findingsOf } from './draft-collection.ts';
import { readCreditor } from './read-creditor.ts';
import { refreshAccessOfMany } from './refresh-access.ts';

export interface ReleaseInput {
  collection: string;
  /** Findings of the plausibility checks that the releasing person has looked at. */
  confirm: readonly string[];
}

/** Refuses what is plain before any work. @throws Refusal as `releaseLines`, but for the findings of a recheck */
export async function checkRelease(ctx: ReadContext, input: ReleaseInput): Promise<void> {
  const collection = await loadCollection(ctx, input.collection, false);
  refuse(ctx, collection);
}

function refuse(ctx: ReadContext, collection: StoredCollection): void {
  if (collection.state !== 'draft')
    throw new Refusal('collection_state_forbids', { state: collection.state, event: 'release' });
  const { collections } = ctx.organization.settings;
  checkReleaser({ ...collections, drafted_by: collection.drafted_by, released_by: ctx.actor });
  readCreditor(creditorOf(ctx));
}

function creditorOf(ctx: ReadContext) {
  const { creditor } = ctx.organization.settings;
  if (creditor === null) throw new Refusal('creditor_missing');
  return creditor;
}

/**
 * The first step. @returns how many lines were handed over; null where an earlier attempt has done it
 * @throws Refusal `not_found`, `collection_state_forbids`, `release_needs_person`, `release_needs_second_person`, `creditor_missing`,
 * `collection_empty`, `release_unconfirmed`
 */
export async function releaseLines(
  ctx: Context,
  input: ReleaseInput,
  tell: (done: number, all: number) => void = () => undefined,
): Promise<number | null> {
  await refuseAfterRestore(ctx);
  const collection = await loadCollection(ctx, input.collection, true);
  if (collection.state === 'releasing' || collection.state === 'released') return null;
  refuse(ctx, collection);
  await recheckLines(ctx, collection);
  const { figures, findings } = await findingsOf(ctx, collection.id);
  decideRelease({
    state: 'draft',
    drafted_by: collection.drafted_by,
    released_by: ctx.actor,
    needs_second_person: ctx.organization.settings.collections.second_person,
    lines: figures.lines,
    findings,
    confirmed: input.confirm,
  });
  await presentLines(ctx, collection.id, (share) => tell(Math.floor(figures.lines * share), figures.lines));
  await updateFigures(ctx, collection.id, figures, { state: 'releasing', findings });
  const { name, identifier } = creditorOf(ctx);
  await ctx.trx.raw(
    'update collection set released_on = ?, released_by = ?, message_id = ?, creditor = ? where id = ?',
    [ctx.today, ctx.actor, identifierOfId(collection.id), JSON.stringify({ name, identifier }), collection.id],
  );
  await refreshAccessOfMany(ctx, await blockedCustomersOf(ctx, collection.id));
  await announce(ctx, {
    type: 'collection.released',
    subjects: [collection.id],
    data: { lines: figures.lines, total: figures.total, confirmed: input.confirm },
  });
  return figures.lines;
}

/** Pieces of the file are kept in rows of about this many bytes. */
const PART_BYTES = 1_000_000;

/** The second step: the file, written once. @returns its size, or null where it is written already */
export async function writeCollectionFile(
  ctx: Context,
  collectionId: string,
  tell: (done: number, all: number) => void = () => undefined,
): Promise<number | null> {
  const collection = await loadCollection(ctx, collectionId, true);
  if (collection.state !== 'releasing') return null;
  const hash = createHash('sha256');
  let size = 0;
  let number = 0;
  let pieces: Buffer[] = [];
  let held = 0;
  const flush = async () => {
    if (held === 0) return;
    number += 1;
    await insertFilePart(ctx, collection.id, number, Buffer.concat(pieces));
    pieces = [];
    held = 0;
  };
  for await (const piece of pain008Of(ctx, collection, tell)) {
    hash.update(piece);
    size += piece.length;
    held += piece.length;
    pieces.push(piece);
    if (held >= PART_BYTES) await flush();
  }
  await flush();
  await ctx.trx.raw(
    `update collection set state = 'released', file_bytes = ?, file_sha256 = ?, version = version + 1 where id = ?`,
    [size, hash.digest('hex'), collection.id],
  );
  return size;
}

async function* pain008Of(
  ctx: Context,
  collection: StoredCollection,
  tell: (done: number, all: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  // As it was released: what is told of a creditor that changed rests on it.
  const creditor = { ...creditorOf(ctx), ...collection.creditor };
  const messageId = identifierOfId(collection.id);
  const groups = await groupsOfFile(ctx, collection.id);
  const header = {
    version: collection.format,
    message_id: messageId,
    created_at: ctx.now,
    initiator: { name: creditor.name },
    count: groups.reduce((all, group) => all + group.count, 0),
    total: sum(groups.map((group) => group.total)),
  };
  const written: Pain008Group[] = groups.map((group, at) => ({
    ...group,
    id: paymentInformationId(messageId, at + 1),
    creditor: {
      name: creditor.name,
      iban: readIban(creditor.iban),
      bic: creditor.bic,
      identifier: creditor.identifier,
      address: creditor.address as Pain008Group['creditor']['address'],
    },
  }));
  let done = 0;
  const told = (rows: number) => {
    done += rows;
    tell(done, header.count);
  };
  yield* writePain008(header, written, rowsIn(ctx, collection.id, groups, written, told));
}

async function* rowsIn(
  ctx: Context,
  collectionId: string,
  groups: readonly FileGroup[],
  written: readonly Pain008Group[],
  told: (rows: number) => void,
): AsyncGenerator<Pain008Row[], void, undefined> {
  const sealer = theSealer();
  const purpose = ibanPurpose(ctx.organization.id);
  for (const [at, group] of groups.entries()) {
    const id = written[at]?.id as string;
    for await (const rows of rowsOfFile(ctx, collectionId, group)) {
      yield rows.map((row) => fileRow(ctx, id, row, sealer.open(row.sealed_iban, purpose)));
      told(rows.length);
    }
  }
}

function fileRow(ctx: ReadContext, group: string, row: FileRow, iban: string): Pain008Row {
  const asked = { fr: 'Représentation', en: 'Representment', de: 'Wiedervorlage' }[ctx.organization.locale];
  const about = row.plan === null ? (row.label ?? asked) : `${row.plan} ${row.number ?? ''}`.trim();
  return {
    group,
    end_to_end_id: identifierOfId(row.id),
    amount: cents(row.amount),
    mandate_reference: row.mandate_reference,
    mandate_signed_on: row.mandate_signed_on,
    amendment: {
      account_changed: row.amendment === 'SMNDA',
      former_creditor_identifier: row.former_creditor_identifier,
      former_creditor_name: row.former_creditor_name,
    },
    debtor_name: row.debtor_name,
    debtor_iban: iban,
    debtor_address: row.address as Pain008Row['debtor_address'],
    remittance: `${ctx.organization.name} ${about} ${row.due_on}`.slice(0, 140),
  };
}

/** Somebody says that the bank has the file. @throws Refusal `not_found`, `collection_state_forbids` */
export async function markCollectionSent(ctx: Context, id: string): Promise<void> {
  const collection = await loadCollection(ctx, id, true);
  const state = nextCollectionState(settledState(collection), 'send');
  await ctx.trx.raw('update collection set state = ?, sent_on = ?, version = version + 1 where id = ?', [
    state,
    ctx.today,
    id,
  ]);
  await announce(ctx, { type: 'collection.sent', subjects: [id], data: {} });
}

/** Gives up a draft. @throws Refusal `not_found`, `collection_state_forbids` */
export async function cancelCollection(ctx: Context, id: string): Promise<void> {
  const collection = await loadCollection(ctx, id, true);
  if (collection.state !== 'draft')
    throw new Refusal('collection_state_forbids', { state: collection.state, event: 'cancel' });
  await ctx.trx.raw(`update collection set state = 'cancelled', version = version + 1 where id = ?`, [id]);
  await announce(ctx, { type: 'collection.cancelled', subjects: [id], data: {} });
}

/** A collection at work is as good as the state it comes from. */
function settledState(collection: StoredCollection) {
  if (collection.state === 'drafting' || collection.state === 'releasing')
    throw new Refusal('collection_state_forbids', { state: collection.state, event: 'send' });
  return collection.state;
}
