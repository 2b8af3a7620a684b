/**
 * Roles of API keys. Each route says which roles may call it; there is no hierarchy to reason about, only these
 * named groups.
 */
export const roles = ['viewer', 'desk', 'billing', 'releaser', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Everybody who may look. */
export const readers: readonly Role[] = roles;
/** The front desk and those above: members, contracts, suspensions, payments taken at the desk. */
export const deskers: readonly Role[] = ['desk', 'billing', 'admin'];
/** Money: collections, bank returns, invoices, fees. */
export const billers: readonly Role[] = ['billing', 'admin'];
/** The second person of a release. */
export const releasers: readonly Role[] = ['releaser', 'admin'];
/** Who looks whether everything was done as it is told. */
export const auditors: readonly Role[] = ['auditor', 'admin'];
/** Settings, keys, the test clock. */
export const admins: readonly Role[] = ['admin'];
