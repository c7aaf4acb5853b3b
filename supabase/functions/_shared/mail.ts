import { createTransport } from 'nodemailer';
import type { Outcome } from './worker.ts';

export interface Mail {
	/** The same id is the same mail: a provider that remembers ids sends it once. */
	id: string;
	to: string;
	subject: string;
	html: string;
	text: string;
	/** BCP 47 */
	language: string;
	/** what it puts into the receiver's calendar, or takes out of it */
	calendar?: { method: string; content: string };
}

export type SendMail = (mail: Mail) => Promise<Outcome>;

type Environment = Record<string, string | undefined>;

/** What nodemailer says of a mail that did not go: the server's answer, if there was one, and to which command. */
type SmtpError = Error & { responseCode?: number; command?: string; code?: string };

const headersOf = (mail: Mail) => ({ 'Content-Language': mail.language, 'Auto-Submitted': 'auto-generated' });

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** Whom mails come from: as it is written, and the address in it. `MAIL_FROM` is the sender. */
export function senderOf(environment: Environment): { from: string; address: string } {
	const from = environment.MAIL_FROM ?? 'Khadamat <no-reply@khadamat.example>';
	return { from, address: /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from };
}

/** An HTTP provider that speaks as Resend does. */
function overHttp(key: string, base: string, from: string, send: typeof fetch): SendMail {
	return async (mail) => {
		const answer = await send(`${base}/emails`, {
			method: 'POST',
			headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': mail.id },
			body: JSON.stringify({
				from,
				to: [mail.to],
				subject: mail.subject,
				html: mail.html,
				text: mail.text,
				headers: headersOf(mail),
				...(mail.calendar && {
					attachments: [
						{
							filename: 'khadamat.ics',
							content: base64(mail.calendar.content),
							content_type: `text/calendar; charset=utf-8; method=${mail.calendar.method}`
						}
					]
				})
			}),
			signal: AbortSignal.timeout(15_000)
		});
		const said = (await answer.json().catch(() => ({}))) as { id?: string; message?: string };
		if (answer.ok) return { ok: true, ...(said.id ? { providerId: said.id } : {}) };
		// 409: the same id is being sent at this moment. 401 and 403: the key is wrong, which a person will put right.
		const forGood = answer.status === 400 || answer.status === 422;
		return {
			ok: false,
			error: `${forGood ? 'rejected' : 'unavailable'}: ${answer.status} ${said.message ?? ''}`.trim()
		};
	};
}

function overSmtp(address: string, from: string, hosted: boolean): SendMail {
	const url = new URL(address);
	const secure = url.protocol === 'smtps:';
	const port = Number(url.port || (secure ? 465 : 587));
	if (hosted && (port === 25 || port === 587)) {
		throw new Error(
			`SMTP_URL names port ${port}, which hosted functions cannot reach. Use smtps://…:465, or an HTTP provider (RESEND_API_KEY).`
		);
	}
	const transport = createTransport({
		host: url.hostname,
		port,
		secure,
		...(url.username
			? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
			: {}),
		connectionTimeout: 10_000,
		greetingTimeout: 10_000,
		socketTimeout: 20_000
	});
	const domain = /@([^>\s]+)/.exec(from)?.[1] ?? url.hostname;
	return async (mail) => {
		try {
			const sent = (await transport.sendMail({
				from,
				to: mail.to,
				subject: mail.subject,
				html: mail.html,
				text: mail.text,
				messageId: `<${mail.id}@${domain}>`,
				headers: headersOf(mail),
				...(mail.calendar && {
					icalEvent: { filename: 'khadamat.ics', method: mail.calendar.method, content: mail.calendar.content }
				})
			})) as { messageId: string };
			return { ok: true, providerId: sent.messageId };
		} catch (error) {
			const { responseCode, command, code, message } = error as SmtpError;
			// Of 5xx those alone that are about this mail: its recipient or its content. Before that (connection, sign-in,
			// sender) it is our set-up, which a person will put right. 4xx, as greylisting says, is for later.
			const forGood =
				responseCode === undefined
					? code === 'EENVELOPE'
					: responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
			return { ok: false, error: `${forGood ? 'rejected' : 'unavailable'}: ${message}` };
		}
	};
}

/**
 * The way mail goes out here: an HTTP provider (`RESEND_API_KEY`), else SMTP (`SMTP_URL`), else none, which is said of
 * each mail. Raises when it is set up in a way that cannot work where it runs.
 */
export function createMailer(environment: Environment, send: typeof fetch = fetch): SendMail {
	const { from } = senderOf(environment);
	const hosted = Boolean(environment.SB_REGION ?? environment.DENO_DEPLOYMENT_ID);
	if (environment.RESEND_API_KEY) {
		return overHttp(environment.RESEND_API_KEY, environment.RESEND_API_BASE ?? 'https://api.resend.com', from, send);
	}
	if (environment.SMTP_URL) return overSmtp(environment.SMTP_URL, from, hosted);
	return async () => ({ ok: false, error: 'not_configured' });
}
