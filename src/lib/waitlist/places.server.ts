import type { Cookies } from '@sveltejs/kit';
import { z } from 'zod';

const name = 'waiting';
const most = 8;
const kept = z.array(z.tuple([z.string(), z.string()])).max(most);

/** The guest's places in lines that this browser has joined, the newest first: which line, and its secret. */
function places(cookies: Cookies): z.infer<typeof kept> {
	try {
		return kept.parse(JSON.parse(Buffer.from(cookies.get(name) ?? '', 'base64url').toString()));
	} catch {
		return [];
	}
}

/** The secret of the place that a guest has in a line, so that joining it again changes that place. */
export const placeIn = (cookies: Cookies, line: string) => places(cookies).find(([known]) => known === line)?.[1];

/** Keeps it, for as long as one may wait for something. */
export function keepPlace(cookies: Cookies, secure: boolean, line: string, token: string): void {
	const others = places(cookies).filter(([known]) => known !== line);
	const text = JSON.stringify([[line, token], ...others].slice(0, most));
	const value = Buffer.from(text).toString('base64url');
	cookies.set(name, value, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 62 * 86_400 });
}
