/** Every route of the API. They are tried in this order: the question of doors, which comes most often, stands first. */
import type { Route } from '../kit/route.ts';
import { accessRoutes } from './access.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { bankReturnRoutes } from './bank-returns.ts';
import { closureRoutes } from './closures.ts';
import { collectionRoutes } from './collections.ts';
import { contractChangeRoutes } from './contract-changes.ts';
import { contractRoutes } from './contracts.ts';
import { creditRoutes } from './credits.ts';
import { customerRoutes } from './customers.ts';
import { erasureRoutes } from './erasures.ts';
import { exportRoutes } from './exports.ts';
import { givenUpRoutes } from './given-up.ts';
import { invoiceRoutes } from './invoices.ts';
import { issueRoutes } from './issues.ts';
import { jobRoutes } from './jobs.ts';
import { letterRoutes } from './letters.ts';
import { mailTemplateRoutes } from './mail-templates.ts';
import { mandateRoutes } from './mandates.ts';
import { organizationRoutes } from './organization.ts';
import { paymentRoutes } from './payments.ts';
import { peopleRoutes } from './people.ts';
import { planRoutes } from './plans.ts';
import { publicationRoutes } from './publications.ts';
import { reminderRoutes } from './reminders.ts';
import { restoreRoutes } from './restores.ts';
import { sessionRoutes } from './sessions.ts';
import { statementRoutes } from './statements.ts';
import { suspensionRoutes } from './suspensions.ts';
import { trailRoutes } from './trail.ts';

export const routes: readonly Route[] = [
  ...accessRoutes,
  ...organizationRoutes,
  ...apiKeyRoutes,
  ...peopleRoutes,
  ...sessionRoutes,
  ...restoreRoutes,
  ...customerRoutes,
  ...erasureRoutes,
  ...planRoutes,
  ...contractRoutes,
  ...contractChangeRoutes,
  ...suspensionRoutes,
  ...publicationRoutes,
  ...issueRoutes,
  ...closureRoutes,
  ...creditRoutes,
  ...paymentRoutes,
  ...givenUpRoutes,
  ...mandateRoutes,
  ...collectionRoutes,
  ...bankReturnRoutes,
  ...invoiceRoutes,
  ...reminderRoutes,
  ...letterRoutes,
  ...mailTemplateRoutes,
  ...exportRoutes,
  ...statementRoutes,
  ...jobRoutes,
  ...trailRoutes,
];
