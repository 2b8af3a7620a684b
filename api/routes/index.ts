/** Every route of the API. */
import type { Route } from '../kit/route.ts';
import { customerRoutes } from './customers.ts';
import { jobRoutes } from './jobs.ts';
import { organizationRoutes } from './organization.ts';
import { planRoutes } from './plans.ts';

export const routes: readonly Route[] = [...organizationRoutes, ...customerRoutes, ...planRoutes, ...jobRoutes];
