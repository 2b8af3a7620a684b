/** Whom messages can reach, as parts of a query in which the customer is `c`. */

/** There is an e-mail address, and no mail server has refused it for good. */
export const hasWorkingAddress = `(c.email is not null and not exists (
  select 1 from suppressed_address s where s.organization_id = c.organization_id and s.address = c.email))`;

/** Takes one value: whether those without a working address are written to by letter. */
export const canBeWrittenTo = `c.deceased_on is null and c.erased_at is null and (${hasWorkingAddress} or ?::boolean)`;

export const channelOf = `case when ${hasWorkingAddress} then 'email' else 'letter' end as channel`;

/** Nothing of this kind and subject has gone out, may have, or waits for a person. Takes the kind. */
export const untold = (subject: string) => `not exists (
  select 1 from message m where m.organization_id = c.organization_id and m.kind = ? and m.subject_id = ${subject}
    and (m.state <> 'skipped' or m.reason <> 'no_mail_server'))`;
