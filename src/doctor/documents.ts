/** Rules about invoices and credit notes: their numbers, their figures, what they were made from, and their files. */
import { bySql, type Invariant, inOnePass } from './invariant.ts';

const guards = `(values ('invoice_body', 'refuse_change'), ('invoice_number', 'refuse_change'), ('invoice_file', 'refuse_change'),
  ('logo', 'refuse_change'), ('invoice_line', 'keep_invoice_line')) as guard (name, function)`;

export const documentInvariants: readonly Invariant[] = [
  bySql(
    'numbers_without_gap',
    'The numbers of every series and period run from 1 without gap, and the counter is the last one.',
    `select organization_id as organization, coalesce(issued.series, counter.series) || ' ' || coalesce(issued.period, counter.period) as id,
            coalesce(issued.count, 0) || ' documents, numbers up to ' || coalesce(issued.last, 0) || ', counter at ' || coalesce(counter.value, 0) as detail
     from (select organization_id, series, period, count(distinct counter) as count, min(counter) as first, max(counter) as last
           from invoice group by organization_id, series, period) issued
     full join invoice_counter counter using (organization_id, series, period)
     where issued.first is distinct from 1 or issued.last <> issued.count or issued.last is distinct from counter.value`,
  ),
  bySql(
    'documents_numbered',
    'Every issued document has its number, and says so in one place only.',
    `select body.organization_id as organization, body.id, coalesce('says that it is ' || (body.document ->> 'number'), 'no number') as detail
     from invoice_body body left join invoice_number on invoice_number.id = body.id
     where invoice_number.id is null or jsonb_exists(body.document, 'number')`,
  ),
  bySql(
    'numbers_follow_days',
    'Of two numbers of a series the later one is not of an earlier day.',
    `select organization_id as organization, id, number || ' of ' || issued_on || ' follows one of ' || before as detail
     from (select invoice.*, lag(issued_on) over (partition by organization_id, series, period order by counter) as before from invoice) invoice
     where issued_on < before`,
  ),
  bySql(
    'credit_within_invoice',
    'Credit notes take back an invoice of the same customer, and together never more than it.',
    `select note.organization_id as organization, note.corrects_id as id, sum(note.gross_cents) || ' of ' || invoice.gross_cents as detail
     from invoice note join invoice on invoice.id = note.corrects_id
     group by note.organization_id, note.corrects_id, invoice.gross_cents, invoice.kind, invoice.customer_id
     having sum(note.gross_cents) > invoice.gross_cents or invoice.kind <> 'invoice'
       or bool_or(note.customer_id <> invoice.customer_id)`,
  ),
  ...inOnePass(
    {
      // The document is read from the body, whole and once: the view makes another one of it for each of its fields.
      rows: `invoice_body body join invoice_number on invoice_number.id = body.id
        cross join lateral jsonb_to_record(body.document) as said (kind text, issued_on text, totals jsonb, lines jsonb, taxes jsonb)
        cross join lateral (select coalesce(sum((line ->> 'gross_amount')::bigint), 0) as lines from jsonb_array_elements(said.lines) line) summed
        cross join lateral (select coalesce(sum((tax ->> 'net_amount')::bigint + (tax ->> 'tax_amount')::bigint), 0) as taxes
          from jsonb_array_elements(said.taxes) tax) taxed
        left join (select invoice_id, count(*) as count, sum_cents(gross_cents) as lines from invoice_line group by 1) kept
          on kept.invoice_id = body.id`,
      organization: 'body.organization_id',
      id: 'body.id',
    },
    [
      {
        name: 'documents_add_up',
        says: 'Lines sum to the total, net and tax to gross, and the document says what its row says.',
        broken: `summed.lines <> gross_cents or taxed.taxes <> gross_cents or (said.totals ->> 'gross_amount')::bigint <> gross_cents
          or (said.totals ->> 'net_amount')::bigint + (said.totals ->> 'tax_amount')::bigint <> gross_cents
          or (said.totals ->> 'paid_amount')::bigint + (said.totals ->> 'due_amount')::bigint <> gross_cents
          or said.issued_on <> body.issued_on::text or said.kind <> body.kind`,
        detail: `number || ': lines ' || summed.lines || ', taxes ' || taxed.taxes || ', total ' || gross_cents`,
      },
      {
        name: 'lines_are_kept',
        says: 'What an invoice was made from is kept for each of its lines, at its price.',
        broken: `body.kind = 'invoice' and (jsonb_array_length(said.lines) <> coalesce(kept.count, 0) or coalesce(kept.lines, 0) <> gross_cents)`,
        detail: `number || ': ' || coalesce(kept.count, 0) || ' kept of ' || jsonb_array_length(said.lines)`,
      },
    ],
  ),
  bySql(
    'invoiced_once',
    'No instalment and no fee stands on two invoices.',
    `select organization_id as organization, coalesce(instalment_id, fee_id) as id, 'on ' || count(*) || ' invoices' as detail
     from invoice_line where live and num_nonnulls(instalment_id, fee_id) = 1
     group by organization_id, coalesce(instalment_id, fee_id) having count(*) > 1`,
  ),
  bySql(
    'invoiced_is_sold',
    'What is left of an invoice is what the ledger sells its instalments and fees for.',
    `select invoice.organization_id as organization, invoice.id, invoice.number || ': left ' || invoice.left_cents || ', sold ' || invoice.sold as detail
     from (select invoice.*,
             gross_cents - (select coalesce(sum(note.gross_cents), 0) from invoice note where note.corrects_id = invoice.id) as left_cents,
             (select coalesce(sum(coalesce(i.sold_cents, f.sold_cents)), 0) from invoice_line line
              left join instalment i on i.id = line.instalment_id left join fee f on f.id = line.fee_id
              where line.invoice_id = invoice.id and line.live) as sold
           from invoice where kind = 'invoice') invoice
     where invoice.left_cents <> invoice.sold`,
  ),
  bySql(
    'credit_notes_in_ledger',
    'The ledger takes back in income and tax what every credit note says, on its day.',
    `select note.organization_id as organization, note.id, note.number || ': ' || note.gross_cents || ', ledger ' || coalesce(back.amount, 0) as detail
     from invoice note
     left join (select organization_id, entry, sum(amount_cents) as amount from posting
                where debit in ('revenue', 'fee_income', 'tax') and starts_with(entry, 'credit_note:')
                group by organization_id, entry) back
       on back.organization_id = note.organization_id and back.entry = 'credit_note:' || note.id
     where note.kind = 'credit_note' and note.gross_cents <> coalesce(back.amount, 0)`,
  ),
  bySql(
    'documents_guarded',
    'Issued documents, their lines, files and logos have their triggers, and the triggers are on.',
    `select null as organization, guard.name as id, 'its trigger is missing or off' as detail
     from ${guards}
     where not exists (select 1 from pg_trigger trigger join pg_proc on pg_proc.oid = trigger.tgfoid
                       where trigger.tgrelid = guard.name::regclass and pg_proc.proname = guard.function and trigger.tgenabled in ('O', 'A'))`,
  ),
  bySql(
    'files_keep_their_hash',
    'The bytes of every printed document have the hash that is kept beside them.',
    `select organization_id as organization, invoice_id as id, 'other bytes' as detail from invoice_file
     where encode(sha256(bytes), 'hex') <> sha256`,
  ),
  bySql(
    'documents_are_printed',
    'Every issued document has its file, or the job that prints it.',
    `select organization_id as organization, id, number || ' has neither' as detail from invoice
     where not exists (select 1 from invoice_file file where file.invoice_id = invoice.id)
       and not exists (select 1 from job where job.organization_id = invoice.organization_id and job.concerns = invoice.id
                       and job.name = 'print-invoice' and job.state <> 'done')`,
  ),
];
