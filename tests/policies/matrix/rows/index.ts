import { accounts } from './accounts.ts';
import { booking } from './booking.ts';
import { catalogue } from './catalogue.ts';
import { hours } from './hours.ts';
import { messaging } from './messaging.ts';
import { notifications } from './notifications.ts';
import { onboarding } from './onboarding.ts';
import { operations } from './operations.ts';
import { payments } from './payments.ts';
import { promotions } from './promotions.ts';
import type { Recipes } from './recipe.ts';
import { reviews } from './reviews.ts';
import { rooms } from './rooms.ts';
import { teams } from './teams.ts';

/** How the rows of every table are made. */
export const recipes: Recipes = {
	...accounts,
	...teams,
	...onboarding,
	...catalogue,
	...hours,
	...rooms,
	...booking,
	...promotions,
	...payments,
	...messaging,
	...notifications,
	...reviews,
	...operations
};
