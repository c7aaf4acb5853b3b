import { accounts } from './accounts.ts';
import { booking } from './booking.ts';
import type { Calls } from './call.ts';
import { onboarding } from './onboarding.ts';
import { others } from './others.ts';
import { teams } from './teams.ts';

/** What every function is called with. */
export const calls: Calls = { ...accounts, ...teams, ...onboarding, ...booking, ...others };
