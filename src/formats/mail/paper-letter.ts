/** A message on paper: what it says, from whom, to whom, and what lies in the same envelope. */
import type { Day } from '../../domain/day.ts';
import type { Buyer, InvoiceDocument, Seller } from '../../domain/invoices/document.ts';
import type { Letter } from './layout.ts';

export interface PaperLetter {
  letter: Letter;
  /** The day that stands on it. */
  on: Day;
  seller: Seller;
  to: Buyer;
  /** A transfer that settles what it asks for, as the text of a QR code. */
  transfer: string | null;
  /** Printed behind it. Where the message is nothing but its invoice, the letter itself is left out. */
  invoices: InvoiceDocument[];
  without_cover: boolean;
}
