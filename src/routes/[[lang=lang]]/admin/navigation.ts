import BadgeCheck from '@lucide/svelte/icons/badge-check';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Store from '@lucide/svelte/icons/store';
import Users from '@lucide/svelte/icons/users';
import type { Permission } from '#lib/administration/vocabulary.ts';
import type { I18n } from '#lib/i18n/i18n.ts';
import { routesIn } from '#lib/routes.ts';
import type { Entry } from '../../_shell/BottomBar.svelte';

const root = '/[[lang=lang]]/admin';

/**
 * The places of the area that the permissions open. `route` is the id of the page shown, `waiting` how many requests for
 * verification wait.
 */
export function entriesOf(
	t: I18n,
	{ permissions, route, waiting }: { permissions: Permission[]; route: string; waiting: number }
): Entry[] {
	const to = routesIn(t.language);
	const current = (path: string): Entry['current'] =>
		route === root + path ? 'page' : path !== '' && route.startsWith(`${root}${path}/`) ? 'true' : undefined;
	const places: (Entry & { needs?: Permission })[] = [
		{
			href: to.admin(),
			label: t('admin.nav.overview'),
			short: t('admin.nav.overview_short'),
			Icon: LayoutDashboard,
			current: current('')
		},
		{
			needs: 'providers.verify',
			href: to.adminVerifications(),
			label: t('admin.nav.verifications'),
			short: t('admin.nav.verifications_short'),
			Icon: BadgeCheck,
			current: current('/verifications'),
			count: waiting,
			counted: t('admin.nav.waiting', { count: waiting })
		},
		{
			needs: 'providers.read',
			href: to.adminProviders(),
			label: t('admin.nav.providers'),
			Icon: Store,
			current: current('/providers')
		},
		{
			needs: 'accounts.read',
			href: to.adminAccounts(),
			label: t('admin.nav.accounts'),
			Icon: Users,
			current: current('/accounts')
		},
		{
			needs: 'audit.read',
			href: to.adminAudit(),
			label: t('admin.nav.audit'),
			Icon: ScrollText,
			current: current('/audit')
		}
	];
	return places.filter(({ needs }) => !needs || permissions.includes(needs));
}
