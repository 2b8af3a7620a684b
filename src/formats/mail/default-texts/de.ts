/** The German texts that an organization starts with. */
import type { TextKind } from '../../../domain/reminders/kinds.ts';
import type { MailText } from '../compile.ts';

const toPay = `{% if pay_url %}[{{ amount }} bezahlen]({{ pay_url }})

{% endif %}{% if pay_to %}Sie können auch auf das Konto {{ pay_to }} überweisen; geben Sie dabei bitte die Referenz **{{ reference }}** an.

{% endif %}`;

const signature = `Mit freundlichen Grüßen
{{ organization_name }}`;

export const germanTexts: Record<TextKind, MailText> = {
  reminder_1: {
    subject: 'Freundliche Erinnerung: {{ amount }} offen',
    body: `Guten Tag {{ customer_name }},

Ihre Zahlung über **{{ amount }}** für „{{ label }}“, fällig am {{ due_on }}, ist bei uns noch nicht eingegangen. Sicher ist sie nur in Vergessenheit geraten.

${toPay}Falls Sie gerade bezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos. Und wenn es gerade schwierig ist, sprechen Sie uns an: Wir finden gemeinsam eine Lösung.

${signature}`,
  },
  reminder_2: {
    subject: 'Zweite Erinnerung: {{ amount }} offen',
    body: `Guten Tag {{ customer_name }},

trotz unserer ersten Nachricht ist Ihre Zahlung über **{{ amount }}** für „{{ label }}“ bisher nicht eingegangen. Sie war am {{ due_on }} fällig, vor {{ days_late }} Tagen.{% if fee %} Der Betrag enthält {{ fee }} Mahngebühr.{% endif %}

Bitte bezahlen Sie ihn {% if pay_by %}bis zum **{{ pay_by }}**{% else %}so bald wie möglich{% endif %}.{% if block_on %} Ohne Zahlung wird Ihr Zugang ab dem {{ block_on }} gesperrt.{% endif %}

${toPay}Ein vorübergehender Engpass? Schreiben Sie uns oder kommen Sie vorbei: Es findet sich fast immer ein Weg. Sollte sich Ihre Zahlung mit dieser Nachricht überschnitten haben, danken wir Ihnen.

${signature}`,
  },
  reminder_3: {
    subject: 'Letzte Mahnung: {{ amount }} zu zahlen{% if pay_by %} bis zum {{ pay_by }}{% endif %}',
    body: `Guten Tag {{ customer_name }},

unsere Erinnerungen blieben unbeantwortet: Der Betrag von **{{ amount }}** für „{{ label }}“, fällig seit dem {{ due_on }}, ist weiterhin offen.{% if fee %} Er enthält {{ fee }} Mahngebühr.{% endif %}

Hiermit fordern wir Sie auf, ihn {% if pay_by %}spätestens bis zum **{{ pay_by }}**{% else %}innerhalb von acht Tagen{% endif %} zu begleichen.

{% if block_on %}Ihr Zugang ist ab dem {{ block_on }} gesperrt. Er wird wieder freigegeben, sobald Ihre Zahlung eingeht.

{% endif %}${toPay}Andernfalls müssten wir die Forderung zum Einzug weitergeben. Das möchten wir gern vermeiden: Melden Sie sich bei uns{% if organization_contact %} ({{ organization_contact }}){% endif %}, über eine Ratenzahlung lässt sich reden.

Sollte sich Ihre Zahlung mit dieser Nachricht überschnitten haben, danken wir Ihnen und bitten Sie, sie als gegenstandslos zu betrachten.

${signature}`,
  },
  payment_reminder: {
    subject: 'Ihre Zahlung über {{ amount }}',
    body: `Guten Tag {{ customer_name }},

für „{{ label }}“, fällig am {{ due_on }}, sind noch **{{ amount }}** offen.

${toPay}Vielen Dank im Voraus. Falls Sie gerade bezahlt haben oder eine Frage haben, sagen Sie uns einfach Bescheid.

${signature}`,
  },
  prenotification: {
    subject: 'Lastschrift über {{ amount }} am {{ collect_on }}',
    body: `Guten Tag {{ customer_name }},

wir buchen am **{{ collect_on }}** für „{{ label }}“ **{{ amount }}** von Ihrem Konto {{ account }} ab.

Sie brauchen nichts zu tun, außer an diesem Tag für ausreichende Deckung zu sorgen. Falls Ihnen etwas nicht richtig erscheint, melden Sie sich bitte vorher bei uns.

${signature}`,
  },
  receipt: {
    subject: 'Zahlungsbestätigung: {{ amount }} am {{ paid_on }}',
    body: `Guten Tag {{ customer_name }},

wir haben am {{ paid_on }} **{{ amount }}** ({{ method }}) für „{{ label }}“ erhalten. Vielen Dank!

{% if balance %}Offen sind noch {{ balance }}.{% else %}Es ist nichts mehr offen.{% endif %}

${signature}`,
  },
  rejection_notice: {
    subject: 'Ihre Zahlung über {{ amount }} ist nicht zustande gekommen',
    body: `Guten Tag {{ customer_name }},

Ihre Bank hat die Zahlung über **{{ amount }}** für „{{ label }}“ am {{ rejected_on }} zurückgegeben{% if reason %} (Grund: {{ reason }}){% endif %}.

{% if fee %}Die Gebühr für die Rückgabe beträgt {{ fee }}. Insgesamt sind damit **{{ total }}** zu zahlen.

{% endif %}{% if represented_on %}Wir buchen {{ represented }} am **{{ represented_on }}** erneut ab. Sie brauchen nichts zu tun, außer an diesem Tag für ausreichende Deckung zu sorgen.{% else %}Bitte bezahlen Sie {{ total }} auf dem Weg, der Ihnen am besten passt{% if pay_by %}, spätestens bis zum **{{ pay_by }}**{% endif %}.

{% if pay_url %}[{{ total }} bezahlen]({{ pay_url }})

{% endif %}{% if pay_to %}Für eine Überweisung: Konto {{ pay_to }}, Referenz **{{ reference }}**.{% endif %}{% endif %}

Wenn Sie sich die Rückgabe nicht erklären können, melden Sie sich bei uns: Wir sehen gemeinsam nach.

${signature}`,
  },
  invoice: {
    subject: 'Ihre Rechnung {{ number }}',
    body: `Guten Tag {{ customer_name }},

im Anhang finden Sie Ihre Rechnung **{{ number }}** vom {{ issued_on }} über {{ amount }}.

{% if owed %}{% if debited_on %}Wir buchen **{{ owed }}** am {{ debited_on }} ab. Sie brauchen nichts zu tun, außer an diesem Tag für ausreichende Deckung zu sorgen.{% else %}Davon sind noch **{{ owed }}** zu zahlen{% if due_on %}, spätestens bis zum {{ due_on }}{% endif %}.{% endif %}{% else %}Sie ist bezahlt: Bitte bewahren Sie sie nur noch auf.{% endif %}

${signature}`,
  },
  access_blocked: {
    subject: 'Ihr Zugang ist gesperrt',
    body: `Guten Tag {{ customer_name }},

Ihr Zugang ist seit dem {{ blocked_on }} gesperrt: **{{ amount }}** für „{{ label }}“, fällig am {{ due_on }}, sind nicht bezahlt.

Er wird freigegeben, sobald Ihre Zahlung eingeht. Mehr brauchen Sie nicht zu tun.

${toPay}Wenn das ein Irrtum ist oder es gerade schwierig ist, melden Sie sich bitte bei uns.

${signature}`,
  },
};
