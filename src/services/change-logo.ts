/** A new logo for the organization's documents. Those issued before keep theirs. */
import { createHash } from 'node:crypto';
import type { Context, Organization } from '../context.ts';
import { Refusal } from '../errors/refusal.ts';
import { newId } from '../ids.ts';
import { updateOrganization } from './update-organization.ts';

const MAX_BYTES = 1_048_576;

/** @param image base64 of a PNG or JPEG. @throws Refusal `logo_unreadable` */
export async function changeLogo(ctx: Context, image: string): Promise<Organization> {
  const bytes = Buffer.from(image, 'base64');
  const media_type = mediaTypeOf(bytes);
  if (media_type === null || bytes.length > MAX_BYTES) throw new Refusal('logo_unreadable', {}, { pointer: '/image' });
  const id = newId('lgo');
  await ctx.trx.raw(
    `insert into logo (id, organization_id, media_type, bytes, sha256, actor, recorded_at) values (?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      ctx.organization.id,
      media_type,
      bytes,
      createHash('sha256').update(bytes).digest('hex'),
      ctx.actor,
      ctx.now,
    ] as never,
  );
  const { invoicing } = ctx.organization.settings;
  return updateOrganization(ctx, { settings: { invoicing: { ...invoicing, logo: id } } }, undefined);
}

function mediaTypeOf(bytes: Buffer): string | null {
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  return bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) ? 'image/jpeg' : null;
}
