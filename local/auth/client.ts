import { getConnInfo } from '@hono/node-server/conninfo';
import { isIP } from 'node:net';
import type { AuthRequest } from './service.ts';

/** The visitor's address as the gateway's proxy or the socket gives it. */
export function clientAddress(request: AuthRequest): string {
	const forwarded = request.req.header('x-forwarded-for')?.split(',')[0]?.trim() ?? '';
	if (isIP(forwarded)) return forwarded;
	const address = (request.env as { incoming?: unknown } | undefined)?.incoming
		? getConnInfo(request).remote.address
		: undefined;
	return address && isIP(address) ? address : '127.0.0.1';
}
