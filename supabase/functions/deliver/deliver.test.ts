import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, test, vi } from 'vitest';
import { createMailer } from '../_shared/mail.ts';
import { createChannels, deliver } from './deliver.ts';
import type { Delivery, Rpc } from './deliver.ts';

const delivery = (id: string, change: Partial<Delivery> = {}): Delivery => ({
	id,
	channel: 'email',
	recipient: 'amina@example.com',
	language: 'fr',
	subject: 'Réservation confirmée',
	body_html: '<p>Bonjour</p>',
	body_text: 'Bonjour',
	attempts: 1,
	calendar: null,
	...change
});

/** A database with these batches to claim; gives back what was reported to it. */
function database(...batches: Delivery[][]) {
	const finished: Record<string, unknown>[] = [];
	const rpc: Rpc = async (name, parameters) => {
		if (name === 'claim_deliveries') {
			expect(parameters).toEqual({ batch: 20 });
			return { data: batches.shift() ?? [], error: null };
		}
		expect(name).toBe('finish_delivery');
		finished.push(parameters);
		return { data: null, error: null };
	};
	return { rpc, finished };
}

const answering = (status: number, body: unknown) => vi.fn<typeof fetch>(async () => Response.json(body, { status }));
const resend = (send: typeof fetch) =>
	createChannels(createMailer({ RESEND_API_KEY: 're_key', MAIL_FROM: 'Khadamat <hello@khadamat.ma>' }, send), {
		from: 'hello@khadamat.ma'
	});

describe('deliver', () => {
	test("sends what is due, batch after batch, and reports the provider's id", async () => {
		const send = answering(200, { id: 're_1' });
		const { rpc, finished } = database([delivery('a'), delivery('b')], [delivery('c')]);
		expect(await deliver(rpc, resend(send))).toEqual({ claimed: 3, succeeded: 3, failed: 0 });
		expect(finished).toEqual(
			['a', 'b', 'c'].map((id) => ({ delivery_id: id, ok: true, provider_id: 're_1', error: null }))
		);
	});

	test("gives the provider the delivery's id, so that a repeat sends nothing", async () => {
		const send = answering(200, { id: 're_1' });
		await deliver(database([delivery('a')]).rpc, resend(send));
		const [address, init] = send.mock.calls[0]!;
		expect(address).toBe('https://api.resend.com/emails');
		expect(init?.headers).toMatchObject({ authorization: 'Bearer re_key', 'idempotency-key': 'a' });
		expect(JSON.parse(init?.body as string)).toMatchObject({
			from: 'Khadamat <hello@khadamat.ma>',
			to: ['amina@example.com'],
			subject: 'Réservation confirmée',
			html: '<p>Bonjour</p>',
			text: 'Bonjour',
			headers: { 'Content-Language': 'fr' }
		});
	});

	test('brings the booking for the calendar, and takes a cancelled one out of it', async () => {
		const calendar = {
			id: 'b1',
			reference: 'KH7Q4M2',
			status: 'confirmed',
			sequence: 0,
			updated_at: '2026-11-20T10:00:00Z',
			local_starts_at: '2026-12-01T10:30:00',
			local_ends_at: '2026-12-01T11:30:00',
			time_zone: 'Africa/Casablanca',
			zone_changes: [{ local: '2026-09-20T02:00:00', before: 60, ahead: 0 }],
			service: 'Fuite',
			provider: 'Plomberie',
			phone: null,
			location: ['Casablanca'],
			path: null
		};
		const send = answering(200, { id: 're_1' });
		const mails = [delivery('a', { calendar }), delivery('b', { calendar: { ...calendar, status: 'cancelled' } })];
		await deliver(database(mails).rpc, resend(send));
		const attached = send.mock.calls.map(([, init]) => {
			const [{ content, ...about }] = (JSON.parse(init?.body as string) as { attachments: [{ content: string }] })
				.attachments;
			return { ...about, text: new TextDecoder().decode(Uint8Array.from(atob(content), (one) => one.charCodeAt(0))) };
		});
		expect(attached).toEqual([
			{
				filename: 'khadamat.ics',
				content_type: 'text/calendar; charset=utf-8; method=REQUEST',
				text: expect.stringContaining('ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:amina@example.com') as string
			},
			{
				filename: 'khadamat.ics',
				content_type: 'text/calendar; charset=utf-8; method=CANCEL',
				text: expect.stringContaining('STATUS:CANCELLED') as string
			}
		]);
	});

	test.each([
		[422, 'rejected: 422 Invalid `to` field'],
		[429, 'unavailable: 429 Invalid `to` field'],
		[500, 'unavailable: 500 Invalid `to` field']
	])('says of an answer %i whether trying again can help', async (status, error) => {
		const { rpc, finished } = database([delivery('a')]);
		expect(await deliver(rpc, resend(answering(status, { message: 'Invalid `to` field' })))).toEqual({
			claimed: 1,
			succeeded: 0,
			failed: 1
		});
		expect(finished).toEqual([{ delivery_id: 'a', ok: false, provider_id: null, error }]);
	});

	test('reports a provider that does not answer, and goes on with the others', async () => {
		const send = vi.fn<typeof fetch>(async () => Response.json({ id: 're_2' }));
		send.mockRejectedValueOnce(new TypeError('connection refused'));
		const { rpc, finished } = database([delivery('a'), delivery('b')]);
		expect(await deliver(rpc, resend(send))).toEqual({ claimed: 2, succeeded: 1, failed: 1 });
		expect(finished).toContainEqual({
			delivery_id: 'a',
			ok: false,
			provider_id: null,
			error: 'unavailable: connection refused'
		});
		expect(finished).toContainEqual({ delivery_id: 'b', ok: true, provider_id: 're_2', error: null });
	});

	test.each(['sms', 'push', 'pigeon'])('says that %s is not configured', async (channel) => {
		const send = answering(200, {});
		const { rpc, finished } = database([delivery('a', { channel })]);
		await deliver(rpc, resend(send));
		expect(finished).toEqual([{ delivery_id: 'a', ok: false, provider_id: null, error: 'not_configured' }]);
		expect(send).not.toHaveBeenCalled();
	});

	test('stops when the database refuses', async () => {
		const rpc: Rpc = async () => ({ data: null, error: { message: 'permission denied' } });
		await expect(deliver(rpc, {})).rejects.toThrow('claim_deliveries: permission denied');
	});
});

describe('mail', () => {
	const mail = { id: 'a', to: 'amina@example.com', subject: '', html: '', text: '', language: 'ar' };

	test('is not configured without a provider', async () => {
		expect(await createMailer({})(mail)).toEqual({ ok: false, error: 'not_configured' });
	});

	test.each(['smtp://mail.example:25', 'smtp://mail.example:587', 'smtp://mail.example'])(
		'refuses %s on a hosted project',
		(SMTP_URL) => {
			expect(() => createMailer({ SMTP_URL, SB_REGION: 'eu-west-3' })).toThrow('hosted functions cannot reach');
			expect(() => createMailer({ SMTP_URL })).not.toThrow();
		}
	);

	test('takes port 465 on a hosted project', () => {
		expect(() => createMailer({ SMTP_URL: 'smtps://user:p%40ss@mail.example', DENO_DEPLOYMENT_ID: 'x' })).not.toThrow();
	});

	describe('over SMTP', () => {
		/** A server that answers a recipient, or a sender, with this code. */
		async function answering(at: 'onRcptTo' | 'onMailFrom', code: number): Promise<{ url: string; close: () => void }> {
			const server = new SMTPServer({
				authOptional: true,
				disabledCommands: ['STARTTLS', 'AUTH'],
				[at]: (_address: unknown, _session: unknown, callback: (error: Error) => void) =>
					callback(Object.assign(new Error('no'), { responseCode: code }))
			});
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			const { port } = server.server.address() as AddressInfo;
			return { url: `smtp://127.0.0.1:${port}`, close: () => server.close() };
		}

		test.each([
			['a mailbox that does not exist', 'onRcptTo', 550, /^rejected: /],
			['a mailbox that takes none now', 'onRcptTo', 450, /^unavailable: /],
			['a sender that is refused, which is our set-up', 'onMailFrom', 550, /^unavailable: /]
		] as const)('tells apart: %s', async (_, at, code, error) => {
			const { url, close } = await answering(at, code);
			const outcome = await createMailer({ SMTP_URL: url })(mail);
			close();
			expect(outcome.ok).toBe(false);
			expect(outcome.error).toMatch(error);
		});
	});

	test('says that a server which is not there may come back', async () => {
		const outcome = await createMailer({ SMTP_URL: 'smtp://127.0.0.1:9' })(mail);
		expect(outcome.ok).toBe(false);
		expect(outcome.error).toMatch(/^unavailable: /);
	});
});
