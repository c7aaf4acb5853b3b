import { getConnInfo } from '@hono/node-server/conninfo';
import { isIP } from 'node:net';
import type { AuthRequest } from './request.ts';

/**
 * The visitor's address: as a server with the secret key says it, which the gateway lets nobody else say, or as the gateway's
 * proxy or the socket gives it.
 */
export function clientAddress(request: AuthRequest): string {
	for (const name of ['sb-forwarded-for', 'x-forwarded-for']) {
		const said = request.req.header(name)?.split(',')[0]?.trim() ?? '';
		if (isIP(said)) return said;
	}
	const address = (request.env as { incoming?: unknown } | undefined)?.incoming
		? getConnInfo(request).remote.address
		: undefined;
	return address && isIP(address) ? address : '127.0.0.1';
}
