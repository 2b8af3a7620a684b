/** The French texts that an organization starts with. */
import type { TextKind } from '../../../domain/reminders/kinds.ts';
import type { MailText } from '../compile.ts';

const toPay = `{% if pay_url %}[Régler {{ amount }}]({{ pay_url }})

{% endif %}{% if pay_to %}Vous pouvez aussi payer par virement sur le compte {{ pay_to }}, en indiquant la référence **{{ reference }}**.

{% endif %}`;

const signature = `Bien cordialement,
L’équipe {{ organization_name }}`;

const texts: Record<TextKind, MailText> = {
  reminder_1: {
    subject: 'Petit rappel : {{ amount }} à régler',
    body: `Bonjour {{ customer_name }},

Sauf erreur de notre part, votre règlement de **{{ amount }}** pour « {{ label }} », prévu le {{ due_on }}, ne nous est pas encore parvenu.

${toPay}Si vous venez de régler, merci de ne pas tenir compte de ce message. Et si vous rencontrez une difficulté, parlez-nous-en : nous trouverons une solution ensemble.

${signature}`,
  },
  reminder_2: {
    subject: 'Deuxième rappel : {{ amount }} à régler',
    body: `Bonjour {{ customer_name }},

Malgré notre premier message, votre règlement de **{{ amount }}** pour « {{ label }} » ne nous est toujours pas parvenu. Il était prévu le {{ due_on }}, il y a {{ days_late }} jours.{% if fee %} Ce montant comprend {{ fee }} de frais de relance.{% endif %}

Merci de le régler {% if pay_by %}au plus tard le **{{ pay_by }}**{% else %}dès que possible{% endif %}.{% if block_on %} Sans règlement, votre accès sera bloqué à partir du {{ block_on }}.{% endif %}

${toPay}Un souci passager ? Écrivez-nous ou passez nous voir : un arrangement est presque toujours possible. Et si votre règlement a croisé ce message, nous vous en remercions.

${signature}`,
  },
  reminder_3: {
    subject: 'Mise en demeure : {{ amount }} à régler{% if pay_by %} au plus tard le {{ pay_by }}{% endif %}',
    body: `Bonjour {{ customer_name }},

Nos rappels sont restés sans réponse : la somme de **{{ amount }}** pour « {{ label }} », exigible depuis le {{ due_on }}, n’est toujours pas réglée.{% if fee %} Elle comprend {{ fee }} de frais de relance.{% endif %}

Par la présente, nous vous mettons en demeure de la régler {% if pay_by %}au plus tard le **{{ pay_by }}**{% else %}sous huit jours{% endif %}.

{% if block_on %}Votre accès est bloqué à compter du {{ block_on }}. Il sera rétabli dès réception de votre règlement.

{% endif %}${toPay}À défaut, nous serions contraints de confier ce dossier au recouvrement. Nous préférerions l’éviter : contactez-nous{% if organization_contact %} ({{ organization_contact }}){% endif %}, nous étudierons volontiers un paiement échelonné.

Si votre règlement a croisé ce message, nous vous en remercions et vous prions de ne pas en tenir compte.

${signature}`,
  },
  payment_reminder: {
    subject: 'Votre règlement de {{ amount }}',
    body: `Bonjour {{ customer_name }},

Un montant de **{{ amount }}** reste à régler pour « {{ label }} », prévu le {{ due_on }}.

${toPay}Merci d’avance. Si vous venez de régler ou si vous avez une question, dites-le-nous simplement.

${signature}`,
  },
  prenotification: {
    subject: 'Prélèvement de {{ amount }} le {{ collect_on }}',
    body: `Bonjour {{ customer_name }},

Nous prélèverons **{{ amount }}** sur votre compte {{ account }} le **{{ collect_on }}**, pour « {{ label }} ».

Vous n’avez rien à faire, si ce n’est vous assurer que votre compte est approvisionné ce jour-là. Si un détail vous paraît inexact, prévenez-nous avant cette date.

${signature}`,
  },
  receipt: {
    subject: 'Reçu : {{ amount }} le {{ paid_on }}',
    body: `Bonjour {{ customer_name }},

Nous avons bien reçu **{{ amount }}** le {{ paid_on }} ({{ method }}), pour « {{ label }} ». Merci !

{% if balance %}Il vous reste {{ balance }} à régler.{% else %}Votre compte est à jour.{% endif %}

${signature}`,
  },
  rejection_notice: {
    subject: 'Votre paiement de {{ amount }} n’a pas abouti',
    body: `Bonjour {{ customer_name }},

Votre banque nous a retourné, le {{ rejected_on }}, le paiement de **{{ amount }}** pour « {{ label }} »{% if reason %} (motif : {{ reason }}){% endif %}.

{% if fee %}Les frais de rejet s’élèvent à {{ fee }}. Le total à régler est donc de **{{ total }}**.

{% endif %}{% if represented_on %}Nous prélèverons à nouveau {{ represented }} le **{{ represented_on }}**. Vous n’avez rien à faire, si ce n’est vous assurer que votre compte est approvisionné ce jour-là.{% else %}Merci de régler {{ total }} par le moyen de votre choix{% if pay_by %}, au plus tard le **{{ pay_by }}**{% endif %}.

{% if pay_url %}[Régler {{ total }}]({{ pay_url }})

{% endif %}{% if pay_to %}Pour un virement : compte {{ pay_to }}, référence **{{ reference }}**.{% endif %}{% endif %}

Si vous ne comprenez pas ce rejet, contactez-nous : nous regarderons ensemble.

${signature}`,
  },
  invoice: {
    subject: 'Votre facture {{ number }}',
    body: `Bonjour {{ customer_name }},

Vous trouverez ci-jointe votre facture **{{ number }}** du {{ issued_on }}, d’un montant de {{ amount }}.

{% if owed %}{% if debited_on %}Nous prélèverons **{{ owed }}** le {{ debited_on }} : vous n’avez rien à faire, si ce n’est vous assurer que votre compte est approvisionné ce jour-là.{% else %}Il reste **{{ owed }}** à régler{% if due_on %}, au plus tard le {{ due_on }}{% endif %}.{% endif %}{% else %}Elle est réglée : vous n’avez rien à faire, sinon la conserver.{% endif %}

${signature}`,
  },
  access_blocked: {
    subject: 'Votre accès est bloqué',
    body: `Bonjour {{ customer_name }},

Votre accès est bloqué depuis le {{ blocked_on }} : un montant de **{{ amount }}** pour « {{ label }} », dû le {{ due_on }}, n’est pas réglé.

Il sera rétabli dès réception de votre règlement, sans autre démarche de votre part.

${toPay}Si vous pensez qu’il s’agit d’une erreur, ou si vous rencontrez une difficulté, contactez-nous.

${signature}`,
  },
};

/** French puts a no-break space before `: ; ! ?` and inside « »; typed as plain spaces above, for the eyes of an editor. */
function withFrenchSpaces({ subject, body }: MailText): MailText {
  const spaced = (text: string) => text.replace(/ ([:;!?»])/g, '\u00a0$1').replace(/« /g, '«\u00a0');
  return { subject: spaced(subject), body: spaced(body) };
}

export const frenchTexts = Object.fromEntries(
  Object.entries(texts).map(([kind, text]) => [kind, withFrenchSpaces(text)]),
) as Record<TextKind, MailText>;
