/**
 * The dated messages about money that the engine sends, and the editable text that each uses.
 *
 * Always true: a message is one row, unique by kind, subject and stage, however often anything runs. The subject is
 * what it speaks of (a debt, a planned debit, a payment, an invoice, a customer's block); the stage counts from 1.
 */
export const messageKinds = [
  'reminder',
  'payment_reminder',
  'prenotification',
  'receipt',
  'rejection_notice',
  'invoice',
  'access_blocked',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** The messages that are no reminders: they tell of something that happened or will. */
export const noticeKinds = ['prenotification', 'receipt', 'rejection_notice', 'invoice', 'access_blocked'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export function isNotice(kind: MessageKind): kind is NoticeKind {
  return (noticeKinds as readonly MessageKind[]).includes(kind);
}

/** Those that an organization switches on one by one. */
export const chosenNotices = ['rejection_notice', 'invoice', 'access_blocked'] as const satisfies readonly NoticeKind[];

/** The texts that an organization may edit, per language. Reminders choose one of three by their stage. */
export const textKinds = [
  'reminder_1',
  'reminder_2',
  'reminder_3',
  'payment_reminder',
  'prenotification',
  'receipt',
  'rejection_notice',
  'invoice',
  'access_blocked',
] as const;
export type TextKind = (typeof textKinds)[number];
export type ReminderTextKind = Extract<TextKind, `reminder_${number}`>;

export const channels = ['email', 'letter'] as const;
export type Channel = (typeof channels)[number];
