import { calendarFile } from '#lib/booking/calendar.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params, url }) =>
	calendarFile(locals.supabase, { id: params.id }, { language: locals.language, siteUrl: url.origin });
