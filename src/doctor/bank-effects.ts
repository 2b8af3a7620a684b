/** Rules that put what banks told beside what became of it: the states of the debits, and what was booked. */
import { type BankEvent, presentationState } from '../domain/bank-events/presentation.ts';
import { query, type Trx } from '../store/database.ts';
import { handedOver } from './collections.ts';
import { byPass, type Invariant, inMemory, inOnePass, type Violation } from './invariant.ts';
import { drawWeights, type Weigh } from './weighed.ts';

/** The entry in the ledger of an effect: `reopen/1` of a payment is `reopened:<payment>:1`. */
const VERBS = `(values ('reopen', 'reopened'), ('close_again', 'closed'), ('bank_in', 'bank_in'), ('bank_out', 'bank_out'),
  ('charge', 'bank_charge')) as verb (key, entry)`;

/**
 * Of each effect of a payment: how many entries of the bank brought it, and how many postings it made, where that is not
 * one and some. Both sides are counted up together, which costs half of looking for each in the other.
 */
const EFFECTS = `(
  select payment_id, key, min(organization_id) as organization_id, sum_cents(brought) as brought, sum_cents(posted) as posted from (
    select line.organization_id, line.payment_id, e.key, 1::bigint as brought, 0::bigint as posted
    from (select line_id, unnest(booked) as key from bank_entry) e join collection_line line on line.id = e.line_id
    union all
    select posting.organization_id, posting.payment_id, verb.key || '/' || split_part(posting.entry, ':', 3), 0, 1
    from posting join ${VERBS} on verb.entry = split_part(posting.entry, ':', 1)
    where posting.payment_id is not null
      and posting.entry = verb.entry || ':' || posting.payment_id || ':' || split_part(posting.entry, ':', 3)) side
  group by payment_id, key having sum_cents(brought) <> 1 or sum_cents(posted) = 0) effect`;

/** Each effect by itself, where weighing says that something is wrong. */
const oneByOne = inOnePass({ rows: EFFECTS, organization: 'effect.organization_id', id: 'effect.payment_id' }, [
  {
    name: 'bank_effect_once',
    says: 'Of one debit each effect of the bank’s words belongs to one entry.',
    // A payment may have been handed over and taken back before: its debits are told apart here.
    broken: `effect.brought > 1 and exists (select 1 from collection_line line join bank_entry e on e.line_id = line.id
        where line.payment_id = effect.payment_id and e.booked @> array[effect.key] group by line.id having count(*) > 1)`,
    detail: `effect.key || ' brought by ' || effect.brought || ' entries'`,
  },
  {
    name: 'bank_effect_is_booked',
    says: 'What an entry of the bank says it booked stands in the ledger, and what stands there of a debit was brought by an entry.',
    broken: `effect.posted = 0 or effect.brought = 0 and not starts_with(effect.key, 'charge/') and exists (
        select 1 from collection_line line where line.payment_id = effect.payment_id and line.state in ${handedOver})`,
    detail: `effect.key || case when effect.posted = 0 then ' is not in the ledger' else ' was brought by no entry' end`,
  },
]);

/** Debits of one state of which the same was told in the same words, and which had the same effects. */
interface AlikeDebits {
  /** One of them. */
  id: string;
  organization: string;
  state: string;
  words: string;
  /** A rule refused a word of theirs: the state waits for a person. */
  waits: boolean;
  /** `bank_in/1 reopen/1`: the effects that their entries brought, in any order. */
  keys: string;
  alike: number;
  /** What their payments weigh. */
  weight: string;
}

const told = (weigh: Weigh) => `
  select min(line.id) as id, line.organization_id as organization, line.state, told.words, told.waits, told.keys, count(*) as alike,
    coalesce(sum(${weigh('line.payment_id')}), 0)::text as weight
  from (select line_id, string_agg(kind || ' ' || on_day, ',') as words, bool_or(effect = 'waiting') as waits,
          coalesce(string_agg(array_to_string(booked, ' '), ' ') filter (where booked <> '{}'), '') as keys
        from ${inMemory('select line_id, kind, on_day, effect, booked from bank_entry where line_id is not null')} entry
        group by line_id) told
  join ${inMemory('select id, organization_id, state, payment_id from collection_line')} line on line.id = told.line_id
  group by line.organization_id, line.state, told.words, told.waits, told.keys`;

/**
 * What the payments weigh for which each effect stands in the ledger. In and out of the bank goes one posting an effect;
 * claims are opened and closed by one each, and also for payments that the bank was never given.
 */
const posted = (weigh: Weigh) => `
  select verb.key || '/' || nth as key, sum(weight)::text as weight from (
    select entry, nth, sum(case when turned is null then weight else ${weigh('turned')} end) as weight from (
      select split_part(entry, ':', 1) as entry, split_part(entry, ':', 3) as nth,
        case when cause <> entry then payment_id end as turned, sum(${weigh('payment_id')}) as weight
      -- Most postings are none of these: their texts are not taken apart.
      from (select payment_id, cause, entry from posting
            where payment_id is not null and ((debit = 'bank' or credit = 'bank') and starts_with(entry, 'bank_')
              or credit = 'in_flight' and starts_with(entry, 'reopened:') or debit = 'in_flight' and starts_with(entry, 'closed:'))
            offset 0) posting
      where split_part(entry, ':', 2) = payment_id
      group by 1, 2, 3) effect
    where turned is null or exists (
      select from collection_line line where line.payment_id = turned and line.state in ${handedOver})
    group by 1, 2) effect
  join ${VERBS} on verb.entry = effect.entry
  group by 1`;

/** Charges are posted for returns that no file told of as well: those that a file did tell of are looked up. */
const UNPOSTED_CHARGES = `
  select from bank_entry entry cross join unnest(entry.booked) as brought (key) join collection_line line on line.id = entry.line_id
  where starts_with(brought.key, 'charge/') and not exists (select from posting where posting.organization_id = line.organization_id
    and posting.cause = 'bank_charge:' || line.payment_id || ':' || split_part(brought.key, '/', 2))`;

async function bankEffects(trx: Trx): Promise<ReadonlyMap<string, Violation[]>> {
  const weigh = drawWeights();
  const debits = await query<AlikeDebits>(trx, told(weigh));
  const isEven = (await isBooked(trx, debits, weigh)) && debits.every(({ keys }) => isOnce(keys));
  const found = new Map<string, Violation[]>([['debit_is_as_told', debits.flatMap(otherThanTold)]]);
  for (const rule of oneByOne) found.set(rule.name, isEven ? [] : await rule.find(trx));
  return found;
}

const isOnce = (keys: string) => new Set(keys.split(' ')).size === keys.split(' ').length;

/** Whether what the entries say they booked weighs what stands in the ledger, effect by effect. */
async function isBooked(trx: Trx, debits: readonly AlikeDebits[], weigh: Weigh): Promise<boolean> {
  const weights = new Map<string, bigint>();
  const add = (key: string, weight: bigint) => weights.set(key, (weights.get(key) ?? 0n) + weight);
  for (const { keys, weight } of debits)
    for (const key of keys.split(' ').filter((one) => one !== '')) add(key, BigInt(weight));
  for (const { key, weight } of await query<{ key: string; weight: string }>(trx, posted(weigh)))
    add(key, -BigInt(weight));
  const isCharge = (key: string) => key.startsWith('charge/');
  if ([...weights].some(([key, weight]) => !isCharge(key) && weight !== 0n)) return false;
  const hasCharges = debits.some(({ keys }) => keys.includes('charge/'));
  return !hasCharges || (await query(trx, `${UNPOSTED_CHARGES} limit 1`)).length === 0;
}

/** Where a rule refused a word, the state waits for a person. */
function otherThanTold({ id, organization, state, words, waits, alike }: AlikeDebits): Violation[] {
  if (waits) return [];
  const outcome = presentationState(words.split(',').map(eventFrom));
  if (outcome.state === state) return [];
  return [{ organization, id, detail: `${state}, and told to be ${outcome.state}; ${alike} debits alike` }];
}

/** A word's reason says why, and moves no state. */
function eventFrom(word: string): BankEvent {
  const [kind, on] = word.split(' ') as [BankEvent['kind'], BankEvent['on']];
  return { kind, on, reason_code: null };
}

export const bankEffectInvariants: readonly Invariant[] = byPass(bankEffects, [
  ...oneByOne,
  {
    name: 'debit_is_as_told',
    says: 'The state of a presentation is the one that all words about it together give.',
  },
]);
