import { redirect } from '@sveltejs/kit';
import { linkOf } from '#lib/accounts/mail-link.ts';
import { languageOfPath } from '#lib/i18n/languages.ts';
import { routesIn, safeNext } from '#lib/routes.ts';

/**
 * Where the links in mails lead: on to the page that asks whether to go on, in the language of where that leads to. Mail
 * programs and their guards look at links before people do, so nothing is spent here.
 */
export const GET = ({ url }) => {
	const link = linkOf(url);
	const to = routesIn(languageOfPath(safeNext(link?.next, url.origin) ?? '/'));
	redirect(303, link ? to.confirm(link) : to.signInProblem('link_expired'));
};
