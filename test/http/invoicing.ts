/** A club that may invoice, for the tests of documents. */
import type { Client, Json, TestEngine } from '../harness/engine.ts';
import { type Member, member } from './membership.ts';

export const seller = {
  name: 'Aquaforme SAS',
  legal_form: 'SAS',
  capital_amount: 5_000_000,
  register_entry: 'RCS Lyon 552 100 554',
  siren: '552100554',
  siret: '55210055400013',
  vat_number: 'FR79552100554',
  address: { street: '12 quai des Étroits', postcode: '69005', town: 'Lyon', country: 'FR' },
  iban: 'FR7630006000011234567890189',
};

export function memberOfClub(
  engine: TestEngine,
  today: string,
  given: { plan?: object; contract?: object; invoicing?: object } = {},
): Promise<Member> {
  const { invoicing, ...rest } = given;
  return member(engine, today, {
    ...rest,
    plan: { tax_rate_bps: 2000, ...rest.plan },
    settings: { invoicing: { seller, ...invoicing } },
  });
}

export async function instalmentIds(desk: Client, contract: Json): Promise<string[]> {
  const { body } = await desk.get(`/v1/contracts/${contract.id}/schedule`);
  return body.instalments.map((one: Json) => one.id);
}

/** The bytes of an invoice's PDF, and the answer's headers. */
export async function fetchPdf(
  engine: TestEngine,
  desk: Client,
  id: string,
  headers: Record<string, string> = { prefer: 'wait=30' },
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(`${engine.url}/v1/invoices/${id}/pdf`, {
    headers: { authorization: `Bearer ${desk.key}`, ...headers },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
