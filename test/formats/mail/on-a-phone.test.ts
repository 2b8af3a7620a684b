/** Mails in a real browser as wide as a small phone: nothing sticks out, whatever is in them. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textKinds } from '../../../src/domain/reminders/kinds.ts';
import { languages } from '../../../src/errors/language.ts';
import { renderMail } from '../../../src/formats/mail/render.ts';
import { sampleFacts } from '../../../src/formats/mail/variables.ts';

const CHROMIUM = '/usr/bin/chromium';
const present = existsSync(CHROMIUM);
if (!present) console.log('Mails on a phone: Chromium is not installed, left out.');

const NARROW = 320;
const long = {
  customer_name: 'Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaftschafers',
  label: 'A'.repeat(150),
  mandate_reference: 'M'.repeat(35),
};

describe.skipIf(!present)('on a phone', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: NARROW, height: 640 } });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(textKinds)('%s fits, with the longest names too, and its text is large enough to read', async (kind) => {
    for (const language of languages) {
      const sample = sampleFacts(kind, true, language) as Record<string, unknown>;
      for (const given of [{}, long]) {
        const known = Object.entries(given).filter(([name]) => name in sample);
        const facts = { ...sample, ...Object.fromEntries(known) } as never;
        const sender = { name: 'B'.repeat(given === long ? 80 : 8), contact: 'c@club.example', lines: ['Nantes'] };
        await page.setContent(renderMail({ kind, language, currency: 'EUR', facts, sender }).html);
        const seen = (await page.evaluate(`({
          width: document.documentElement.scrollWidth,
          size: Math.min(...[...document.querySelectorAll('p')].map((one) => parseFloat(getComputedStyle(one).fontSize))),
        })`)) as { width: number; size: number };
        expect(seen.width, `${kind} ${language}`).toBeLessThanOrEqual(NARROW);
        expect(seen.size).toBeGreaterThanOrEqual(16);
      }
    }
  });
});
