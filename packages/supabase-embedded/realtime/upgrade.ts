import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { Upgrade } from '../gateway.ts';
import type { Hub } from './hub.ts';
import type { Version } from './serializer.ts';
import { RealtimeSocket } from './socket.ts';
import { identify, TokenRefused } from './tokens.ts';
import type { Identity } from './tokens.ts';

/** A connection that is refused, as an answer to the upgrade. */
class ConnectionRefused extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

function refuse(socket: Duplex, status: number, message: string): void {
	const body = JSON.stringify({ error: message });
	socket.end(
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
	);
}

function versionOf(text: string | null): Version {
	const version = text ?? '1.0.0';
	if (version !== '1.0.0' && version !== '2.0.0')
		throw new ConnectionRefused(403, 'The version of the protocol is not supported');
	return version;
}

/** Opens sockets: `<prefix>/websocket` or `<prefix>/socket/websocket` with a key in `apikey` or `x-api-key`. */
export function createSockets(hub: Hub): { upgrade: Upgrade; close(): void } {
	const server = new WebSocketServer({ noServer: true, maxPayload: hub.limits.frameBytes, perMessageDeflate: false });
	const open = new Set<RealtimeSocket>();

	const admit = async (request: IncomingMessage): Promise<{ version: Version; identity: Identity }> => {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
		if (!/\/websocket\/?$/.test(pathname)) throw new ConnectionRefused(404, 'Not found');
		const version = versionOf(searchParams.get('vsn'));
		const header = request.headers['x-api-key'];
		const key = (Array.isArray(header) ? header[0] : header) ?? searchParams.get('apikey');
		if (!key) throw new ConnectionRefused(401, 'API key is missing');
		const identity = await identify(hub.keys, key);
		if (open.size >= hub.limits.sockets) throw new ConnectionRefused(429, 'Too many connected users');
		return { version, identity };
	};

	const upgrade: Upgrade = (request, socket, head) => {
		socket.on('error', () => socket.destroy());
		admit(request).then(
			({ version, identity }) => {
				const headers = Object.fromEntries(
					Object.entries(request.headers)
						.filter(([name]) => name.startsWith('x-'))
						.map(([name, value]) => [name, String(value)])
				);
				server.handleUpgrade(request, socket, head, (client) => {
					const connection = new RealtimeSocket(hub, client, version, identity, headers);
					open.add(connection);
					client.on('close', () => open.delete(connection));
				});
			},
			async (error: Error) => {
				await sleep(hub.limits.connectErrorDelay);
				if (error instanceof ConnectionRefused) refuse(socket, error.status, error.message);
				else if (error instanceof TokenRefused) refuse(socket, 401, error.short);
				else refuse(socket, 500, 'Error connecting to Realtime');
			}
		);
	};

	const patrol = setInterval(() => {
		const now = Date.now();
		for (const connection of open) if (connection.silentFor(now) > hub.limits.silence) connection.disconnect();
	}, hub.limits.silence / 4);
	patrol.unref();

	return {
		upgrade,
		close: () => {
			clearInterval(patrol);
			// No handshake: the process is ending and must not wait for its clients.
			for (const client of server.clients) client.terminate();
			server.close();
		}
	};
}
