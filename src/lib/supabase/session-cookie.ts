import type { RequestEvent } from '@sveltejs/kit';

/** One name for all projects, so that the site need not know a project's reference. */
export const sessionCookie = 'khadamat-auth';

/** A session may be cut into several cookies, each with a number behind the name. */
export const isSessionCookie = (name: string) => name.startsWith(sessionCookie);

/** Tells the cookies of the session itself from those that begin one. */
export const holdsSession = (name: string) => new RegExp(`^${sessionCookie}(\\.\\d+)?$`).test(name);

/** Tells whether a request brings session cookies at all; says nothing of their worth. */
export function bringsSession(event: RequestEvent): boolean {
	return event.cookies.getAll().some(({ name }) => isSessionCookie(name));
}
