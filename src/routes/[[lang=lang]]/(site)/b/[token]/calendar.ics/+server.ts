import { calendarFile } from '#lib/booking/calendar.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params, url, setHeaders }) => {
	setHeaders({ 'referrer-policy': 'same-origin' });
	return calendarFile(locals.supabase, { token: params.token }, { language: locals.language, siteUrl: url.origin });
};
