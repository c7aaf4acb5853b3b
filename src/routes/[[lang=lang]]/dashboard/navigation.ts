import BadgeCheck from '@lucide/svelte/icons/badge-check';
import BadgePercent from '@lucide/svelte/icons/badge-percent';
import CalendarCheck from '@lucide/svelte/icons/calendar-check';
import CalendarSync from '@lucide/svelte/icons/calendar-sync';
import Hourglass from '@lucide/svelte/icons/hourglass';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Sun from '@lucide/svelte/icons/sun';
import UsersRound from '@lucide/svelte/icons/users-round';
import type { I18n } from '#lib/i18n/i18n.ts';
import { routesIn } from '#lib/routes.ts';
import type { Role } from '#lib/team/rules.ts';
import type { Entry } from '../../_shell/BottomBar.svelte';
import { manages } from './membership.ts';

const root = '/[[lang=lang]]/dashboard';

/**
 * The places of the dashboard for a role, in the order of a day's work. `provider` is the slug that the addresses carry
 * where one works for several; `route` the id of the page shown.
 */
export function entriesOf(
	t: I18n,
	{
		role,
		provider,
		route,
		waiting
	}: { role: Role; provider?: string; route: string; waiting: { requests: number; people: number } }
): Entry[] {
	const to = routesIn(t.language);
	const current = (path: string): Entry['current'] =>
		route === root + path ? 'page' : path !== '' && route.startsWith(`${root}${path}/`) ? 'true' : undefined;
	return [
		{ href: to.dashboard(provider), label: t('dashboard.nav.today'), Icon: Sun, current: current('') },
		{
			href: to.dashboardBookings({ provider }),
			label: t('dashboard.nav.bookings'),
			Icon: CalendarCheck,
			current: current('/bookings'),
			count: waiting.requests,
			counted: t('dashboard.nav.requests', { count: waiting.requests })
		},
		{ href: to.messages(), label: t('common.nav.messages'), Icon: MessageCircle },
		{
			href: to.dashboardWaitlist({ provider }),
			label: t('dashboard.nav.waitlist'),
			short: t('dashboard.nav.waitlist_short'),
			Icon: Hourglass,
			current: current('/waitlist'),
			count: waiting.people,
			counted: t('dashboard.nav.people', { count: waiting.people }),
			quiet: true
		},
		...(manages({ role })
			? [
					{
						href: to.promoCodes({ provider }),
						label: t('dashboard.nav.promo_codes'),
						Icon: BadgePercent,
						current: current('/promo-codes')
					}
				]
			: []),
		{ href: to.team(provider), label: t('dashboard.nav.team'), Icon: UsersRound, current: current('/team') },
		...(manages({ role })
			? [
					{
						href: to.verification(provider),
						label: t('dashboard.nav.verification'),
						Icon: BadgeCheck,
						current: current('/verification')
					}
				]
			: []),
		{
			href: to.calendarFeed(provider),
			label: t('dashboard.nav.calendar'),
			Icon: CalendarSync,
			current: current('/calendar-feed')
		}
	];
}
