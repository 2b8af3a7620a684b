/** A club whose money has been everywhere: settled, with the bank, returned, refunded, asked for again, taken back. */
import type { Json, TestEngine } from '../harness/engine.ts';
import { club, DUE } from '../http/collecting.ts';

export async function collectedClub(engine: TestEngine): Promise<void> {
  const gym = await club(engine, { today: '2010-07-02', settings: { collections: { presumed_settled_days: 5 } } });
  const { desk } = gym;
  const from = { first_due_on: '2010-07-05' };
  const settles = await gym.debtor({ contract: from });
  await gym.debtor({ contract: from, mandate: { kind: 'one_off' } });
  const returned = await gym.debtor({ contract: from });
  const blocked = await gym.debtor({ contract: { ...from, method: 'cash' } });
  const first = await gym.collect('2010-07-05');
  const paymentOf = (collection: Json, customer: string) =>
    collection.lines.find((line: Json) => line.customer === customer).payment;
  await gym.to('2010-07-14');
  const representments = [{ due_on: DUE, method: 'direct_debit' }];
  const back = `/v1/payments/${paymentOf(first, returned.customer.id)}/rejection`;
  await desk.post(back, { fee_amount: 1000, reason_code: 'AM04', representments });
  const refund = { method: 'transfer', amount: 900 };
  await desk.post(`/v1/payments/${paymentOf(first, settles.customer.id)}/refund`, refund);
  const paid = { amount: 7000, method: 'cash', paid_on: '2010-07-14' };
  await desk.post(`/v1/customers/${blocked.customer.id}/payments`, paid);
  await gym.to('2010-08-02');
  const wrong = await gym.collect();
  await desk.post(`/v1/collections/${wrong.id}/withdrawal`, { reason: 'Wrong day' });
  const late = await gym.debtor();
  await gym.collect();
  const asked = await gym.debtor({ contract: from });
  const [instalment] = await asked.instalments();
  const made = await desk.post(`/v1/instalments/${instalment.id}/payments`, {
    method: 'cheque',
    paid_on: '2010-08-02',
  });
  await desk.post(`/v1/payments/${made.id}/rejection`, {});
  await desk.send('PATCH', `/v1/customers/${late.customer.id}`, { collections_stopped: true });
}
