import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { SMTPServer } from 'smtp-server';
import type { Context } from '../context.ts';
import { createApi } from './api.ts';
import { createPages } from './page.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const largest = 25 * 1024 ** 2;

/** Takes every mail for every address, with or without a password, and keeps it. */
function createReceiver(store: Store, log: (line: string) => void): SMTPServer {
	const server = new SMTPServer({
		name: 'localhost',
		banner: 'mail catcher',
		authOptional: true,
		allowInsecureAuth: true,
		hideSTARTTLS: true,
		disabledCommands: ['STARTTLS'],
		disableReverseLookup: true,
		size: largest,
		closeTimeout: 1000,
		onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
		onData(stream, session, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => {
				if (!stream.sizeExceeded) chunks.push(chunk);
			});
			stream.on('end', () => {
				if (stream.sizeExceeded) {
					done(Object.assign(new Error('Message exceeds fixed maximum message size'), { responseCode: 552 }));
					return;
				}
				store
					.add(
						Buffer.concat(chunks),
						session.envelope.rcptTo.map(({ address }) => address)
					)
					.then(
						(message) => done(null, `Message queued as ${message.ID}`),
						(error: Error) => {
							log(`a mail could not be kept: ${error.message}`);
							done(
								Object.assign(new Error('Requested action aborted: local error in processing'), { responseCode: 451 })
							);
						}
					);
			});
		}
	});
	// A sender that hangs up half-way is its own affair; without a listener it would end the process.
	server.on('error', (error) => log(error.message));
	return server;
}

function listen(
	server: { listen(port: number, host: string, done: () => void): unknown },
	port: number,
	events: NodeJS.EventEmitter
): Promise<void> {
	return new Promise((resolve, reject) => {
		events.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			events.off('error', reject);
			resolve();
		});
	});
}

/**
 * The mail catcher: SMTP on one port, pages and a JSON API in Mailpit's shape on another. Nothing leaves the machine.
 * The last 500 mails are kept in the data folder, so a restart does not lose them.
 */
export async function createMail(context: Context): Promise<{ close(): Promise<void> }> {
	const store = await openStore(context.folder('mail'));
	const app = new Hono();
	app.route('/api/v1', createApi(store));
	app.route('/', createPages(store));

	const receiver = createReceiver(store, (line) => context.log('mail', line));
	const http = createAdaptorServer({ fetch: app.fetch }) as Server;
	await listen(receiver, context.settings.ports.smtp, receiver.server);
	try {
		await listen(http, context.settings.ports.mail, http);
	} catch (error) {
		receiver.close();
		throw error;
	}

	return {
		close: async () => {
			await new Promise<void>((resolve) => receiver.close(() => resolve()));
			await new Promise<void>((resolve) => {
				http.close(() => resolve());
				http.closeAllConnections();
			});
		}
	};
}
