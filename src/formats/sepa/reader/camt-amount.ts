/**
 * The amount of one transaction of a booking, and the bank's charge beside it.
 *
 * Always true:
 * - the amount is the transaction's own, else that of its details, else the booking's where it holds one
 *   transaction; never a share of a batch;
 * - the charge is apart: where the bank says, or the figures prove, that it was inside, it is taken out.
 */
import type { Cents } from '../../../domain/money.ts';

export interface Charges {
  /** Sum of the records, or the total where there is no record. */
  amount: Cents | null;
  included: boolean | null;
}

export interface AmountsTold {
  /** `TxDtls/Amt`, else `TxDtls/AmtDtls/TxAmt/Amt`. */
  own: Cents | null;
  /** The amount that was once collected, where the bank repeats it (`InstdAmt`). */
  instructed: Cents | null;
  charges: Charges;
  /** The booking; its amount and charges only where it holds this one transaction. */
  entry: { amount: Cents | null; charges: Charges } | null;
  /** In a batch: do the transactions' amounts and charges together make the booked amount? */
  adds_up?: boolean;
}

export interface AmountApart {
  amount: Cents | null;
  charge_amount: Cents | null;
  charge_included: boolean | null;
  /** The charge is known, but not whether the amount includes it. */
  unclear: boolean;
}

function result(amount: Cents | null, charge: Cents | null, included: boolean | null, unclear = false): AmountApart {
  return { amount, charge_amount: charge, charge_included: charge === null ? null : included, unclear };
}

export function amountApart(told: AmountsTold): AmountApart {
  const { own, instructed, entry } = told;
  const base = own ?? entry?.amount ?? instructed;
  const ofTransaction = told.charges.amount !== null;
  const charges = ofTransaction ? told.charges : (entry?.charges ?? told.charges);
  const charge = charges.amount;
  if (base === null || charge === null || charge <= 0) return result(base, charge, charges.included);
  const booked = entry?.amount ?? null;
  if (told.adds_up) return result(base, charge, true);
  if (base === instructed || (booked !== null && base + charge === booked)) {
    const proven = booked === null ? null : booked === base + charge ? true : booked === base ? false : null;
    return result(base, charge, charges.included ?? proven);
  }
  const without = (base - charge) as Cents;
  if (without <= 0) return result(base, charge, charges.included, charges.included === null);
  if (without === instructed) return result(without, charge, true);
  if (charges.included === false) return result(base, charge, false);
  // A booking's charge is inside the booking's amount; inside a transaction's only where the two are the same.
  const covers = ofTransaction || base === booked;
  if (charges.included === true) return result(covers ? without : base, charge, true);
  return result(base, charge, null, covers);
}
