import { accounts } from './declared/accounts.ts';
import { booking } from './declared/booking.ts';
import { catalogue } from './declared/catalogue.ts';
import { hours } from './declared/hours.ts';
import { messaging } from './declared/messaging.ts';
import { notifications } from './declared/notifications.ts';
import { onboarding } from './declared/onboarding.ts';
import { operations } from './declared/operations.ts';
import { payments } from './declared/payments.ts';
import { promotions } from './declared/promotions.ts';
import { reviews } from './declared/reviews.ts';
import { rooms } from './declared/rooms.ts';
import { teams } from './declared/teams.ts';
import type { Domain } from './notation.ts';

/**
 * The policy matrix: who may do what with everything that the API reaches. `matrix.test.ts` tries each cell.
 *
 * To add a table: in the file of its domain under `declared/` give its columns, who is granted which of them, and for each
 * kind of row a line of ten marks for each action that anybody may do (what has no line is nobody's, and tried too). Then
 * say in the file of the same name under `rows/` how a row of each kind is made, in one statement. A function needs its
 * lines and, under `rows/`, the arguments for each; a bucket its paths, a topic its ids. Then run `npm run matrix`, which
 * writes docs/policy-matrix.md, and `npm run load -- policies`, which shows that no policy can be dropped unnoticed.
 */
export const domains: Domain[] = [
	accounts,
	teams,
	onboarding,
	catalogue,
	hours,
	rooms,
	booking,
	promotions,
	payments,
	messaging,
	notifications,
	reviews,
	operations
];

const merged = <T>(part: (domain: Domain) => Record<string, T> | undefined): [string, T][] =>
	domains.flatMap((domain) => Object.entries(part(domain) ?? {}));

export const tables = merged((domain) => domain.tables);
export const functions = merged((domain) => domain.functions);
export const buckets = merged((domain) => domain.buckets);
export const topics = merged((domain) => domain.topics);
