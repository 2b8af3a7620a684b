/** Statements that break each rule about messages, and whom they are broken on: a member who was reminded twice. */
import type { Client, Json } from '../harness/engine.ts';

export const messageMutants: Record<string, string> = {
  message_made_once: `alter table message drop constraint message_once;
    update message set stage = 1 where kind = 'reminder'`,
  message_states_agree: `update message set recipient = null where state = 'sent' and channel = 'email'`,
  message_has_its_job: `update message set state = 'queued', ended_on = null, ended_at = null where state = 'sent' and channel = 'email'`,
  message_to_one_address: `update message set recipient = 'late@members.example, other@evil.example' where recipient is not null`,
  suppressed_never_written: `insert into suppressed_address
    select organization_id, recipient, '550 5.1.1', id, made_on - 1, recorded_at from message where recipient is not null limit 1`,
  reminder_of_what_is_owed: `update message set ended_at = ended_at + interval '2 hours' where kind = 'reminder' and channel = 'email'`,
  reminder_stages_in_order: `delete from message where kind = 'reminder' and stage = 1`,
  one_reminder_a_day: `update message set made_on = '2010-07-15' where kind = 'reminder'`,
  message_to_its_customer: `update message set customer_id = 'cus_other'`,
  reminder_fee_sold_once: `update message set fee_cents = 500 where kind = 'reminder'`,
};

/** Reminded on the 8th and the 15th of July 2010, paid on the 20th. */
export async function lateMember(desk: Client): Promise<{ pays: () => Promise<void> }> {
  const plan = await desk.post('/v1/plans', { name: 'Pool', kind: 'membership', amount: 3000, term_months: 12 });
  const customer = await desk.post('/v1/customers', { name: 'Ben Roux', email: 'late@members.example' });
  const sold = { customer: customer.id, plan: plan.id, starts_on: '2010-07-05', method: 'cash' };
  const contract = await desk.post('/v1/contracts', sold);
  return {
    async pays() {
      const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
      const first = (body.instalments as Json[])[0];
      await desk.post(`/v1/instalments/${first?.id}/payments`, { paid_on: '2010-07-20', method: 'cash' });
    },
  };
}
