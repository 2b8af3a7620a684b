/** How money is asked for or received. Direct debits go to the bank by themselves; the others are booked by hand. */
export const paymentMethods = ['direct_debit', 'card', 'cash', 'cheque', 'transfer'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];
