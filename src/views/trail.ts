/** The chain of the trail: whether it holds, and its end to keep elsewhere. */
import { z } from 'zod';
import type { ReadContext } from '../context.ts';
import { faultsOf, hasHead, headOf, unlinkedOf } from '../store/trail-chain.ts';

const MOST_FAULTS = 20;

export const headSchema = z
  .object({
    object: z.literal('trail_head'),
    organization: z.string(),
    seq: z.int(),
    hash: z.string(),
  })
  .meta({
    id: 'TrailHead',
    description: 'Keep it outside of the engine: the chain must have this hash at this place for ever.',
  });

export const verificationSchema = z
  .object({
    object: z.literal('trail_verification'),
    holds: z.boolean(),
    head: headSchema.nullable(),
    unlinked: z.int().meta({ description: 'Events of the last seconds, which are not in the chain yet.' }),
    kept_head_found: z.boolean().nullable().meta({ description: 'Whether the head that was given is in the chain.' }),
    faults: z.array(z.object({ event: z.string(), detail: z.string() })),
  })
  .meta({ id: 'TrailVerification' });

export async function verifyTrail(ctx: ReadContext, kept: { seq: number; hash: string } | null) {
  const { id } = ctx.organization;
  const faults = await faultsOf(ctx.reader, id, MOST_FAULTS);
  const kept_head_found = kept === null ? null : await hasHead(ctx.reader, id, kept);
  const head = await headOf(ctx.reader, id);
  return {
    object: 'trail_verification' as const,
    holds: faults.length === 0 && kept_head_found !== false,
    head: head && { object: 'trail_head' as const, organization: id, ...head },
    unlinked: await unlinkedOf(ctx.reader, id, new Date()),
    kept_head_found,
    faults: faults.map(({ id: event, detail }) => ({ event, detail })),
  };
}
