import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newEmail, project } from '../testing/project.ts';

interface Address {
	Name: string;
	Address: string;
}

interface Message {
	ID: string;
	From: Address;
	To: Address[];
	Bcc: Address[];
	Subject: string;
	Created: string;
	Date: string;
	Snippet: string;
	Text: string;
	HTML: string;
	Headers: Record<string, string[]>;
	Attachments: { PartID: string; FileName: string; ContentType: string; Size: number }[];
}

const smtpPort = process.env.SMTP_PORT;

// A project that sends real mail has no catcher to look into.
describe.skipIf(!project.mailUrl || !smtpPort)('the mail catcher', () => {
	const transport = createTransport({ host: '127.0.0.1', port: Number(smtpPort), secure: false, ignoreTLS: true });
	const get = async <T>(path: string): Promise<T> => (await fetch(`${project.mailUrl}${path}`)).json() as Promise<T>;
	const search = async (query: string) =>
		(await get<{ total: number; messages: Message[] }>(`/api/v1/messages?query=${encodeURIComponent(query)}`)).messages;

	const amina = newEmail('amina');
	const hidden = newEmail('bookkeeping');
	let id: string;

	beforeAll(async () => {
		await transport.sendMail({
			from: '"Example" <bookings@shop.example>',
			to: `"Amina Benali" <${amina}>`,
			bcc: hidden,
			subject: 'تأكيد الحجز – réservation confirmée',
			text: 'Votre réservation est confirmée.\nÀ bientôt',
			html: '<p>Votre réservation <b>est confirmée</b>.</p><script>parent.document.title = "taken"</script><img src="cid:logo">',
			attachments: [
				{ filename: 'facture n° 7.pdf', content: Buffer.from('%PDF-1.4 seven'), contentType: 'application/pdf' },
				{ filename: 'logo.png', content: Buffer.from('not really a picture'), contentType: 'image/png', cid: 'logo' }
			]
		});
		id = (await search(`to:${amina}`))[0]!.ID;
	});
	afterAll(() => transport.close());

	test('finds a mail by its recipient, in any script', async () => {
		const [found] = await search(`to:${amina.toUpperCase()}`);
		expect(found).toMatchObject({
			From: { Name: 'Example', Address: 'bookings@shop.example' },
			To: [{ Name: 'Amina Benali', Address: amina }],
			Subject: 'تأكيد الحجز – réservation confirmée',
			Snippet: 'Votre réservation est confirmée. À bientôt'
		});
		expect(new Date(found!.Created).getTime()).toBeGreaterThan(Date.now() - 60_000);
	});

	test('answers a search under its own path too', async () => {
		const { messages, total } = await get<{ total: number; messages: Message[] }>(`/api/v1/search?query=to:${amina}`);
		expect(messages.map((message) => message.ID)).toEqual([id]);
		expect(total).toBe(1);
	});

	test('gives text, HTML, headers and attachments of one mail', async () => {
		const message = await get<Message>(`/api/v1/message/${id}`);
		expect(message.Text).toContain('Votre réservation est confirmée.');
		expect(message.HTML).toContain('<b>est confirmée</b>');
		expect(message.Headers['MIME-Version']).toEqual(['1.0']);
		expect(message.Attachments).toEqual([
			expect.objectContaining({ FileName: 'facture n° 7.pdf', ContentType: 'application/pdf', Size: 14 })
		]);
	});

	test('knows recipients that no header names', async () => {
		expect((await get<Message>(`/api/v1/message/${id}`)).Bcc).toEqual([{ Name: '', Address: hidden }]);
		expect(await search(`bcc:${hidden}`)).toHaveLength(1);
		expect(await search(`to:${hidden}`)).toHaveLength(0);
	});

	test('hands out an attachment byte for byte', async () => {
		const { Attachments } = await get<Message>(`/api/v1/message/${id}`);
		const answer = await fetch(`${project.mailUrl}/api/v1/message/${id}/part/${Attachments[0]!.PartID}`);
		expect(answer.headers.get('content-type')).toBe('application/pdf');
		expect(await answer.text()).toBe('%PDF-1.4 seven');
	});

	test('says not found for a mail and for an attachment that are not there', async () => {
		expect((await fetch(`${project.mailUrl}/api/v1/message/nothing`)).status).toBe(404);
		expect((await fetch(`${project.mailUrl}/api/v1/message/${id}/part/9`)).status).toBe(404);
	});

	test('lists the newest first, as many as asked for', async () => {
		const omar = newEmail('omar');
		for (const subject of ['first', 'second', 'third'])
			await transport.sendMail({ from: amina, to: omar, subject, text: subject });
		const { messages, total } = await get<{ total: number; messages: Message[] }>(
			`/api/v1/messages?limit=2&query=to:${omar}`
		);
		expect(messages.map((message) => message.Subject)).toEqual(['third', 'second']);
		expect(total).toBe(3);
	});

	test('refuses a mail that is too large instead of cutting it', async () => {
		const sending = transport.sendMail({ from: amina, to: amina, subject: 'large', text: 'a'.repeat(26 * 1024 ** 2) });
		await expect(sending).rejects.toMatchObject({ responseCode: 552 });
	});

	test('shows a mail in a frame that cannot run its scripts', async () => {
		const page = await fetch(`${project.mailUrl}/message/${id}`);
		expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
		expect(await page.text()).toMatch(/<iframe[^>]*\ssandbox="allow-popups allow-popups-to-escape-sandbox"/);
		const frame = await fetch(`${project.mailUrl}/message/${id}/html`);
		expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups[^;]*; default-src 'none'/);
		const body = await frame.text();
		expect(body).toContain('<base target="_blank">');
		expect(body).toMatch(new RegExp(`<img src="/api/v1/message/${id}/part/\\d"`));
	});

	test('shows markup in a subject as text', async () => {
		const salma = newEmail('salma');
		await transport.sendMail({ from: amina, to: salma, subject: '<img src=x onerror=alert(1)>', text: '<script>' });
		const list = await (await fetch(`${project.mailUrl}/?query=to:${salma}`)).text();
		expect(list).toContain('&lt;img src=x onerror=alert(1)&gt;');
		expect(list).not.toContain('<img');
	});

	test('deletes the mails that are named', async () => {
		const yasmine = newEmail('yasmine');
		await transport.sendMail({ from: amina, to: yasmine, subject: 'kept', text: 'kept' });
		await transport.sendMail({ from: amina, to: yasmine, subject: 'deleted', text: 'deleted' });
		const [newest] = await search(`to:${yasmine}`);
		await fetch(`${project.mailUrl}/api/v1/messages`, {
			method: 'DELETE',
			body: JSON.stringify({ IDs: [newest!.ID] })
		});
		expect((await search(`to:${yasmine}`)).map((message) => message.Subject)).toEqual(['kept']);
	});
});
