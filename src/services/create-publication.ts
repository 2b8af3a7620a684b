/** Adds a publication whose issues are sold by subscription. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import type { NewPublication } from '../schemas/issues.ts';
import { queryOne } from '../store/database.ts';
import { announce } from './announce.ts';

/** @returns the id. @throws Refusal `publication_name_taken`. */
export async function createPublication(ctx: Context, { name }: NewPublication): Promise<string> {
  const made = await queryOne<{ id: string }>(
    ctx.trx,
    `insert into publication (id, organization_id, name, version, created_at) values (?, ?, ?, 1, ?)
     on conflict on constraint publication_name_taken do nothing returning id`,
    [newId('pub'), ctx.organization.id, name, ctx.now],
  );
  if (!made) throw new Refusal('publication_name_taken', {}, { pointer: '/name' });
  await announce(ctx, { type: 'publication.created', subjects: [made.id], data: { name } });
  return made.id;
}
