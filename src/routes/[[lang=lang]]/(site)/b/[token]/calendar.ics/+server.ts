import { calendarFile } from '#lib/booking/calendar.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) =>
	calendarFile(locals.supabase, { token: params.token }, locals.language);
