import { project } from './project.ts';

interface Summary {
	ID: string;
	To: { Address: string }[];
}

export interface Mail {
	subject: string;
	html: string;
	/** where the button leads */
	link: URL;
	tokenHash: string;
}

/** The latest mail to an address, once at least `count` have come. */
export async function mailTo(address: string, count = 1): Promise<Mail> {
	for (let attempt = 0; attempt < 50; attempt++) {
		const { messages } = (await (await fetch(`${project.mailUrl}/api/v1/messages?limit=1000`)).json()) as {
			messages: Summary[];
		};
		const mine = messages.filter(({ To }) => To.some(({ Address }) => Address === address));
		if (mine.length >= count) return read(mine[0]!.ID);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${address} did not get ${count} mail(s)`);
}

/** How many mails an address has got. */
export async function mailsTo(address: string): Promise<number> {
	const { messages } = (await (await fetch(`${project.mailUrl}/api/v1/messages?limit=1000`)).json()) as {
		messages: Summary[];
	};
	return messages.filter(({ To }) => To.some(({ Address }) => Address === address)).length;
}

async function read(id: string): Promise<Mail> {
	const { Subject, HTML } = (await (await fetch(`${project.mailUrl}/api/v1/message/${id}`)).json()) as {
		Subject: string;
		HTML: string;
	};
	const link = new URL(/<a href="([^"]+)"/.exec(HTML)![1]!.replaceAll('&amp;', '&'));
	return {
		subject: Subject,
		html: HTML,
		link,
		tokenHash: link.searchParams.get('token_hash')!
	};
}

/** Follows the service's own link for a token, as `{{ .ConfirmationURL }}` has it, and tells where it leads. */
export async function follow(tokenHash: string, type: string, redirectTo = 'http://localhost:3000/done'): Promise<URL> {
	const query = new URLSearchParams({ token: tokenHash, type, redirect_to: redirectTo });
	const answer = await fetch(`${project.url}/auth/v1/verify?${query}`, { redirect: 'manual' });
	if (answer.status !== 303) throw new Error(`expected a redirect, got ${answer.status}: ${await answer.text()}`);
	return new URL(answer.headers.get('location')!);
}

/** The project keeps some time between two mails of one kind to one address. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 1100));
