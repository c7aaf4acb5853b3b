import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Keys } from './keys.ts';
import type { Caller, Env, Service } from './service.ts';

/** Upgrades of sockets under a path, such as Realtime's. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Options {
	port: number;
	keys: Keys;
	/** services by their first path segments, for example `/auth/v1` */
	services: Record<string, Service>;
	upgrade: { path: string; handle: Upgrade };
	log: (line: string) => void;
}

/** Paths that hosted Supabase answers without an `apikey`. */
const open = [
	/^\/auth\/v1\/(verify|callback|authorize|health|\.well-known\/.*)$/,
	/^\/storage\/v1\//,
	/^\/functions\/v1\//,
	/^\/realtime\/v1\//,
	// The doubles of other companies, which know nothing of our keys.
	/^\/identity\/v1\//
];

/**
 * Turns an opaque key or a token into the caller it stands for.
 * `Authorization` wins over `apikey`; an opaque key in either is swapped for its role token.
 * Returns null for a key that is unknown, and raises jose's errors for a token that does not verify.
 */
async function identify(
	keys: Keys,
	apikey: string | undefined,
	authorization: string | undefined
): Promise<Caller | null> {
	const bearer = authorization?.replace(/^bearer\s+/i, '');
	const token = [bearer, apikey]
		.filter((value): value is string => Boolean(value))
		.map((value) => (value === keys.publishable ? keys.anonToken : value === keys.secret ? keys.serviceToken : value))
		.find((value) => value.split('.').length === 3);
	if (!token) return null;
	const claims = await keys.verify(token);
	return { role: typeof claims.role === 'string' ? claims.role : 'anon', claims, token };
}

/** What proxies say of a request's way here, under all the names that anything behind us may believe. */
const origin =
	/^(forwarded|x-forwarded-.*|(x|x-cluster|true|fastly|fly)-client-ip|x-(real|original)-ip|cf-connecting-ipv?6?|cf-pseudo-ipv4|sb-forwarded-for)$/;

/**
 * Says of a request from where it came, in place of all that its client said of that. Hosted projects have `cf-connecting-ip`
 * written over in the same way; to `x-forwarded-for` they add behind what the client began, which nobody must believe.
 * Whoever has the secret key asks for somebody and says for whom (`sb-forwarded-for`), which Auth believes.
 */
function sayOrigin(request: IncomingMessage, secretKey: string): void {
	// Both forms are read further in; Node has made the second of the first already.
	const { rawHeaders, headers, socket } = request;
	const forwarded = headers.apikey === secretKey ? headers['sb-forwarded-for'] : undefined;
	for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
		if (origin.test(rawHeaders[at]!.toLowerCase())) rawHeaders.splice(at, 2);
	}
	for (const name of Object.keys(headers)) if (origin.test(name)) delete headers[name];
	const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1';
	const said = { 'cf-connecting-ip': address, 'x-forwarded-for': address, 'sb-forwarded-for': forwarded };
	for (const [name, value] of Object.entries(said)) {
		if (value === undefined) continue;
		rawHeaders.push(name, String(value));
		headers[name] = value;
	}
}

/** One port in front of all services: CORS, API keys, and routing by the path's first segments. */
export function createGateway(options: Options): { listen(): Promise<void>; close(): Promise<void> } {
	const { keys } = options;
	const app = new Hono<Env>();

	const crossOrigin = cors({
		origin: '*',
		allowMethods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS'],
		exposeHeaders: [
			'X-Supabase-Api-Version',
			'Content-Range',
			'Range-Unit',
			'Location',
			'Preference-Applied',
			'X-Total-Count',
			'Link',
			'sb-request-id'
		],
		maxAge: 3600
	});
	// Functions answer preflights and set these headers themselves, as on hosted projects.
	app.use((context, next) => (context.req.path.startsWith('/functions/v1/') ? next() : crossOrigin(context, next)));

	app.use(async (context, next) => {
		const apikey = context.req.header('apikey') ?? context.req.query('apikey');
		const authorization = context.req.header('authorization');
		const needsKey = !open.some((pattern) => pattern.test(context.req.path));
		if (needsKey && apikey !== keys.publishable && apikey !== keys.secret && apikey?.split('.').length !== 3) {
			return context.json(
				{
					message: apikey ? 'Invalid API key' : 'No API key found in request',
					hint: 'Send the publishable or the secret key as `apikey`.'
				},
				401
			);
		}
		try {
			const caller = await identify(keys, apikey, authorization);
			context.set('caller', caller ?? { role: 'anon', claims: { role: 'anon' }, token: keys.anonToken });
		} catch (error) {
			if (needsKey && context.req.path.startsWith('/rest/')) {
				const expired = (error as { code?: string }).code === 'ERR_JWT_EXPIRED';
				return context.json(
					{
						code: expired ? 'PGRST303' : 'PGRST301',
						message: expired ? 'JWT expired' : 'JWSError JWSInvalidSignature',
						details: null,
						hint: null
					},
					401
				);
			}
			// The other services say in their own words what is wrong with a token.
			context.set('caller', { role: 'anon', claims: { role: 'anon' }, token: '' });
		}
		await next();
	});

	for (const [path, service] of Object.entries(options.services)) app.route(path, service.app);
	app.notFound((context) => context.json({ message: 'no Route matched with those values' }, 404));
	app.onError((error, context) => {
		const [, service = ''] = context.req.path.split('/');
		options.log(`${context.req.method} /${service}/…: ${error.stack ?? error.message}`);
		return context.json({ message: 'Internal server error' }, 500);
	});

	const listener = getRequestListener(app.fetch);
	const server: Server = createServer((request, response) => {
		sayOrigin(request, keys.secret);
		return listener(request, response);
	});
	// Upgraded sockets are no longer the server's: it would wait for them for ever when it closes.
	const sockets = new Set<Duplex>();
	server.on('upgrade', (request, socket, head) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		if (request.url?.startsWith(options.upgrade.path)) options.upgrade.handle(request, socket, head);
		else socket.destroy();
	});

	return {
		listen: () =>
			new Promise((resolve, reject) => {
				server.once('error', reject);
				server.listen(options.port, '127.0.0.1', () => {
					server.off('error', reject);
					resolve();
				});
			}),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
				for (const socket of sockets) socket.destroy();
			})
	};
}
