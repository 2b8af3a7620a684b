/**
 * The bank's answer to a direct debit file (pain.002): what it accepts and rejects, at three levels.
 *
 * Always true:
 * - the status decides, not the reason: a reason also stands on accepted payments;
 * - a rejected group or file told without transactions concerns all of its collections (`covers_all`);
 * - a transaction without a status of its own has that of its group where the group is rejected, and its reason.
 */
import type { Cents } from '../../../domain/money.ts';
import { at, type Element, element, onElement, onText } from './elements.ts';
import type { BankFileKind } from './entry.ts';
import { emptyEntry } from './entry.ts';
import type { MessageContext } from './message.ts';
import { newTransaction, readReason, readTransaction } from './pain002-transaction.ts';
import { isGiven, noReason, type Reason, reasonFields } from './reason.ts';
import { readCount, readReference } from './values.ts';

const kindOfStatus: Readonly<Record<string, BankFileKind>> = {
  RJCT: 'rejected',
  ACCP: 'accepted',
  ACSP: 'accepted',
  ACSC: 'accepted',
  ACTC: 'accepted',
  ACWC: 'accepted',
  ACCC: 'accepted',
  ACFC: 'accepted',
  ACPD: 'accepted',
  ACWP: 'accepted',
  PART: 'pending',
  PDNG: 'pending',
  RCVD: 'pending',
};

function kindOf(status: string | null): BankFileKind {
  return status !== null && Object.hasOwn(kindOfStatus, status) ? (kindOfStatus[status] as BankFileKind) : 'unknown';
}

/** What is said of the file, of one group in it, or of one transaction. */
interface Told {
  id: string | null;
  status: string | null;
  reason: Reason;
  /** Transactions listed below. */
  listed: number;
  rejected: { count: number; total: number };
  /** Transactions and sum that the original held. */
  count: number | null;
  total: Cents | null;
  /** What the bank says was rejected. */
  declaredRejected: { count: number | null; total: Cents | null };
}

function told(): Told {
  return {
    id: null,
    status: null,
    reason: noReason(),
    listed: 0,
    rejected: { count: 0, total: 0 },
    count: null,
    total: null,
    declaredRejected: { count: null, total: null },
  };
}

/** The tree of `CstmrPmtStsRpt`. */
export function pain002Elements(context: MessageContext): Element {
  const { report, findings } = context;
  const group = told();
  let info: Told | null = null;
  let tx = newTransaction();
  let infos = 0;
  let otherStatus = false;
  let path = '';

  const readDeclared = (from: Element, which: () => Told) => {
    let status = '';
    let count: number | null = null;
    let total: Cents | null = null;
    onText(from, 'NbOfTxsPerSts/DtldNbOfTxs', (text) => {
      count = readCount(text);
    });
    onText(from, 'NbOfTxsPerSts/DtldSts', (text) => {
      status = text;
    });
    onText(from, 'NbOfTxsPerSts/DtldCtrlSum', (text) => {
      total = context.amount(text, path);
    });
    onElement(from, 'NbOfTxsPerSts', null, () => {
      if (status === 'RJCT') which().declaredRejected = { count, total };
      status = '';
      count = null;
      total = null;
    });
  };

  /** Compares what the bank declares of a level with what it lists below it. */
  const checkTotals = (level: Told, where: string) => {
    const rejectedWhole = level.status === 'RJCT';
    const declared = level.declaredRejected;
    if (level.count !== null && level.listed > level.count)
      findings.add('totals_disagree', where, { what: 'NbOfTxs', declared: level.count, found: level.listed });
    if (rejectedWhole && level.listed > 0 && level.count !== null && level.listed < level.count)
      findings.add('group_listed_in_part', where, { declared: level.count, found: level.listed });
    if (rejectedWhole && level.listed === 0) return;
    if (declared.count !== null && declared.count !== level.rejected.count)
      findings.add('totals_disagree', where, { what: 'RJCT', declared: declared.count, found: level.rejected.count });
    else if (declared.total !== null && declared.total !== level.rejected.total)
      findings.add('totals_disagree', where, {
        what: 'RJCT CtrlSum',
        declared: context.say(declared.total),
        found: context.say(level.rejected.total),
      });
    if (rejectedWhole && level.total !== null && level.listed === level.count && level.rejected.total !== level.total)
      findings.add('totals_disagree', where, {
        what: 'CtrlSum',
        declared: context.say(level.total),
        found: context.say(level.rejected.total),
      });
  };

  const endTransaction = () => {
    const parent = info ?? group;
    const inherited = parent.status ?? group.status;
    const status = tx.status ?? (inherited === 'RJCT' ? 'RJCT' : null);
    const kind = kindOf(status);
    const levels = [tx.reason, info?.reason, group.reason];
    const reason = (kind === 'rejected' && levels.find((one) => one && isGiven(one))) || tx.reason;
    const { status: _s, reason: _r, fallbackAmount, charge, ...fields } = tx;
    const amount = fields.amount ?? fallbackAmount;
    for (const level of info ? [group, info] : [group]) {
      level.listed += 1;
      if (kind !== 'rejected') continue;
      level.rejected.count += 1;
      level.rejected.total += amount ?? 0;
    }
    const here = `${path}/TxInfAndSts[${parent.listed}]`;
    if (inherited === 'RJCT' && kind !== 'rejected')
      findings.add('statuses_contradict', here, { declared: inherited, found: status ?? '' });
    context.emit({
      ...emptyEntry,
      ...fields,
      level: 'transaction',
      kind,
      status,
      ...reasonFields(reason),
      original_message_id: report.original_message_id,
      payment_information_id: info?.id ?? null,
      amount,
      charge_amount: charge,
      path: here,
    });
  };

  const endInfo = () => {
    if (!info) return;
    const status = info.status ?? (group.status === 'RJCT' ? 'RJCT' : null);
    if (info.status !== null && info.status !== 'RJCT') otherStatus = true;
    if (group.status === 'RJCT' && status !== 'RJCT')
      findings.add('statuses_contradict', path, { declared: 'RJCT', found: status ?? '' });
    checkTotals({ ...info, status }, path);
    if (status !== null || isGiven(info.reason)) {
      const kind = kindOf(status);
      const reason = kind === 'rejected' && !isGiven(info.reason) ? group.reason : info.reason;
      context.emit({
        ...emptyEntry,
        level: 'payment_information',
        kind,
        status,
        covers_all: kind === 'rejected' && info.listed === 0,
        ...reasonFields(reason),
        original_message_id: report.original_message_id,
        payment_information_id: info.id,
        amount: info.total,
        transactions_in_entry: info.count,
        path,
      });
    }
    info = null;
    path = 'CstmrPmtStsRpt';
  };

  const endMessage = () => {
    checkTotals(group, 'OrgnlGrpInfAndSts');
    report.declared = { count: group.count, total: group.total };
    if (group.status === null && !isGiven(group.reason)) return;
    const kind = kindOf(group.status);
    context.emit({
      ...emptyEntry,
      level: 'group',
      kind,
      status: group.status,
      covers_all: kind === 'rejected' && group.listed === 0 && !otherStatus,
      ...reasonFields(group.reason),
      original_message_id: report.original_message_id,
      amount: group.total,
      transactions_in_entry: group.count,
      path: 'OrgnlGrpInfAndSts',
    });
  };

  const root = element();
  root.open = () => {
    path = 'CstmrPmtStsRpt';
  };
  root.close = endMessage;
  onText(root, 'GrpHdr/MsgId', (text) => {
    report.message_id = text;
  });
  onText(root, 'GrpHdr/CreDtTm', (text) => {
    report.created_at = text;
  });

  const original = at(root, 'OrgnlGrpInfAndSts');
  onText(original, 'OrgnlMsgId', (text) => {
    report.original_message_id = readReference(text);
  });
  onText(original, 'OrgnlMsgNmId', (text) => {
    report.original_message_name = text;
    if (/^pain\.001/i.test(text)) findings.add('not_about_debits', 'OrgnlGrpInfAndSts', { found: text });
  });
  onText(original, 'GrpSts', (text) => {
    group.status = text;
  });
  onText(original, 'OrgnlNbOfTxs', (text) => {
    group.count = readCount(text);
  });
  onText(original, 'OrgnlCtrlSum', (text) => {
    group.total = context.amount(text, 'OrgnlGrpInfAndSts');
  });
  readReason(original, () => group.reason);
  readDeclared(original, () => group);

  const open = () => {
    infos += 1;
    info = told();
    path = `OrgnlPmtInfAndSts[${infos}]`;
  };
  const payment = onElement(root, 'OrgnlPmtInfAndSts', open, endInfo);
  const current = () => info ?? group;
  onText(payment, 'OrgnlPmtInfId', (text) => {
    current().id = readReference(text);
  });
  onText(payment, 'PmtInfSts', (text) => {
    current().status = text;
  });
  onText(payment, 'OrgnlNbOfTxs', (text) => {
    current().count = readCount(text);
  });
  onText(payment, 'OrgnlCtrlSum', (text) => {
    current().total = context.amount(text, path);
  });
  readReason(payment, () => current().reason);
  readDeclared(payment, current);

  // Since version .03 transactions stand in their group; in .02 they stood in the message.
  for (const place of [payment, root]) {
    const open = () => {
      tx = newTransaction();
    };
    const one = onElement(place, 'TxInfAndSts', open, endTransaction);
    readTransaction(
      context,
      one,
      () => tx,
      () => path,
    );
  }

  return root;
}
