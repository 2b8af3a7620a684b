/** The English texts that an organization starts with. */
import type { TextKind } from '../../../domain/reminders/kinds.ts';
import type { MailText } from '../compile.ts';

const toPay = `{% if pay_url %}[Pay {{ amount }}]({{ pay_url }})

{% endif %}{% if pay_to %}You can also pay by bank transfer to {{ pay_to }}, quoting the reference **{{ reference }}**.

{% endif %}`;

const signature = `Kind regards,
{{ organization_name }}`;

export const englishTexts: Record<TextKind, MailText> = {
  reminder_1: {
    subject: 'A friendly reminder: {{ amount }} to pay',
    body: `Dear {{ customer_name }},

It seems that your payment of **{{ amount }}** for “{{ label }}”, due on {{ due_on }}, has not reached us yet.

${toPay}If you have just paid, please disregard this message. And if you are in a difficult spot, do tell us: we will find a way together.

${signature}`,
  },
  reminder_2: {
    subject: 'Second reminder: {{ amount }} to pay',
    body: `Dear {{ customer_name }},

Despite our first message, your payment of **{{ amount }}** for “{{ label }}” has still not reached us. It was due on {{ due_on }}, {{ days_late }} days ago.{% if fee %} The amount includes a reminder fee of {{ fee }}.{% endif %}

Please pay it {% if pay_by %}by **{{ pay_by }}**{% else %}as soon as you can{% endif %}.{% if block_on %} Without payment, your access will be blocked from {{ block_on }}.{% endif %}

${toPay}A temporary difficulty? Write to us or come and see us: there is almost always a way. And if your payment has crossed this message, thank you.

${signature}`,
  },
  reminder_3: {
    subject: 'Formal notice: {{ amount }} to pay{% if pay_by %} by {{ pay_by }}{% endif %}',
    body: `Dear {{ customer_name }},

Our reminders have gone unanswered: the amount of **{{ amount }}** for “{{ label }}”, payable since {{ due_on }}, is still outstanding.{% if fee %} It includes a reminder fee of {{ fee }}.{% endif %}

We hereby give you formal notice to pay it {% if pay_by %}by **{{ pay_by }}** at the latest{% else %}within eight days{% endif %}.

{% if block_on %}Your access is blocked from {{ block_on }}. It will be restored as soon as we receive your payment.

{% endif %}${toPay}Failing that, we would have to hand this matter over for collection. We would much rather not: please contact us{% if organization_contact %} ({{ organization_contact }}){% endif %}, and we will gladly discuss payment in instalments.

If your payment has crossed this message, please accept our thanks and disregard it.

${signature}`,
  },
  payment_reminder: {
    subject: 'Your payment of {{ amount }}',
    body: `Dear {{ customer_name }},

An amount of **{{ amount }}** is still to be paid for “{{ label }}”, due on {{ due_on }}.

${toPay}Thank you in advance. If you have just paid or have a question, simply let us know.

${signature}`,
  },
  prenotification: {
    subject: 'Direct debit of {{ amount }} on {{ collect_on }}',
    body: `Dear {{ customer_name }},

We will collect **{{ amount }}** from your account {{ account }} on **{{ collect_on }}**, for “{{ label }}”.

There is nothing for you to do, other than making sure that your account holds enough on that day. If anything here looks wrong to you, please tell us before then.

${signature}`,
  },
  receipt: {
    subject: 'Receipt: {{ amount }} on {{ paid_on }}',
    body: `Dear {{ customer_name }},

We have received **{{ amount }}** on {{ paid_on }} ({{ method }}), for “{{ label }}”. Thank you!

{% if balance %}{{ balance }} remains to be paid.{% else %}Nothing remains to be paid.{% endif %}

${signature}`,
  },
  rejection_notice: {
    subject: 'Your payment of {{ amount }} did not go through',
    body: `Dear {{ customer_name }},

On {{ rejected_on }}, your bank returned the payment of **{{ amount }}** for “{{ label }}”{% if reason %} (reason: {{ reason }}){% endif %}.

{% if fee %}The fee for a returned payment is {{ fee }}, so the total to pay is **{{ total }}**.

{% endif %}{% if represented_on %}We will collect {{ represented }} again on **{{ represented_on }}**. There is nothing for you to do, other than making sure that your account holds enough on that day.{% else %}Please pay {{ total }} in whichever way suits you{% if pay_by %}, by **{{ pay_by }}** at the latest{% endif %}.

{% if pay_url %}[Pay {{ total }}]({{ pay_url }})

{% endif %}{% if pay_to %}For a bank transfer: account {{ pay_to }}, reference **{{ reference }}**.{% endif %}{% endif %}

If this comes as a surprise, contact us and we will look into it together.

${signature}`,
  },
  invoice: {
    subject: 'Your invoice {{ number }}',
    body: `Dear {{ customer_name }},

Please find attached your invoice **{{ number }}** of {{ issued_on }}, for {{ amount }}.

{% if owed %}{% if debited_on %}We will collect **{{ owed }}** on {{ debited_on }}: there is nothing for you to do, other than making sure that your account holds enough on that day.{% else %}**{{ owed }}** remains to be paid{% if due_on %}, by {{ due_on }} at the latest{% endif %}.{% endif %}{% else %}It has been paid: there is nothing for you to do but keep it.{% endif %}

${signature}`,
  },
  access_blocked: {
    subject: 'Your access is blocked',
    body: `Dear {{ customer_name }},

Your access has been blocked since {{ blocked_on }}: an amount of **{{ amount }}** for “{{ label }}”, due on {{ due_on }}, has not been paid.

It will be restored as soon as we receive your payment, with nothing else for you to do.

${toPay}If you think that this is a mistake, or if you are in a difficult spot, please contact us.

${signature}`,
  },
};
