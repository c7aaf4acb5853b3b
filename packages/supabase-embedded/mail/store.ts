import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { AddressObject, ParsedMail } from 'mailparser';

export interface Address {
	Name: string;
	Address: string;
}

/** One attachment or embedded picture; `PartID` counts from 1 in the order of the mail. */
export interface Part {
	PartID: string;
	FileName: string;
	ContentType: string;
	ContentID: string;
	/** bytes */
	Size: number;
}

/** A mail as it is kept in memory: everything but the bytes of its attachments. Same names as Mailpit's API. */
export interface Message {
	ID: string;
	MessageID: string;
	From: Address;
	To: Address[];
	Cc: Address[];
	/** recipients of the envelope that no header names */
	Bcc: Address[];
	ReplyTo: Address[];
	Subject: string;
	/** when it was received, ISO 8601 */
	Created: string;
	/** what its Date header says, ISO 8601; when it was received if there is none */
	Date: string;
	Snippet: string;
	Text: string;
	HTML: string;
	Headers: Record<string, string[]>;
	/** bytes of the whole mail */
	Size: number;
	Attachments: Part[];
	Inline: Part[];
}

/** What SMTP says beside the mail itself. */
interface Envelope {
	received: string;
	recipients: string[];
}

export interface Store {
	/** Keeps a mail; resolves when it is on disk. */
	add(raw: Buffer, recipients: string[]): Promise<Message>;
	/** newest first; `query` as in Mailpit: words, or `to:`, `from:`, `cc:`, `bcc:`, `subject:` before one */
	list(query?: string): Message[];
	/** `latest` is the newest one */
	find(id: string): Message | undefined;
	raw(id: string): Promise<Buffer>;
	part(id: string, partId: string): Promise<{ part: Part; content: Buffer } | null>;
	/** Forgets the named mails, or all of them. */
	remove(ids?: string[]): void;
}

const kept = 500;

function addresses(field: AddressObject | AddressObject[] | undefined): Address[] {
	return [field ?? []]
		.flat()
		.flatMap((object) =>
			object.value
				.flatMap((entry) => entry.group ?? [entry])
				.map((entry) => ({ Name: entry.name, Address: entry.address ?? '' }))
		);
}

function headers(mail: ParsedMail): Record<string, string[]> {
	const found: Record<string, string[]> = {};
	for (const { line } of mail.headerLines) {
		const colon = line.indexOf(':');
		const name = line.slice(0, colon);
		(found[name] ??= []).push(
			line
				.slice(colon + 1)
				.replace(/\r?\n[ \t]+/g, ' ')
				.trim()
		);
	}
	return found;
}

function parts(mail: ParsedMail): { part: Part; inline: boolean; content: Buffer }[] {
	return mail.attachments.map((attachment, index) => ({
		part: {
			PartID: String(index + 1),
			FileName: attachment.filename ?? `part-${index + 1}`,
			ContentType: attachment.contentType,
			ContentID: attachment.cid ?? '',
			Size: attachment.size
		},
		inline: attachment.related,
		content: attachment.content
	}));
}

const parse = (raw: Buffer) => simpleParser(raw, { keepCidLinks: true });

async function read(id: string, raw: Buffer, envelope: Envelope): Promise<Message> {
	const mail = await parse(raw);
	const to = addresses(mail.to);
	const cc = addresses(mail.cc);
	const named = new Set([...to, ...cc].map(({ Address }) => Address.toLowerCase()));
	const text = mail.text ?? '';
	const attached = parts(mail);
	return {
		ID: id,
		MessageID: (mail.messageId ?? '').replace(/^<|>$/g, ''),
		From: addresses(mail.from)[0] ?? { Name: '', Address: '' },
		To: to,
		Cc: cc,
		Bcc: envelope.recipients
			.filter((address) => !named.has(address.toLowerCase()))
			.map((Address) => ({ Name: '', Address })),
		ReplyTo: addresses(mail.replyTo),
		Subject: mail.subject ?? '',
		Created: envelope.received,
		Date: mail.date?.toISOString() ?? envelope.received,
		Snippet: text.replace(/\s+/g, ' ').trim().slice(0, 250),
		Text: text,
		HTML: mail.html || '',
		Headers: headers(mail),
		Size: raw.length,
		Attachments: attached.filter(({ inline }) => !inline).map(({ part }) => part),
		Inline: attached.filter(({ inline }) => inline).map(({ part }) => part)
	};
}

/** The words of a query; quotes keep spaces together. */
function terms(query: string): { field: string; word: string }[] {
	return [...query.matchAll(/(?:(to|from|cc|bcc|subject):)?(?:"([^"]*)"|(\S+))/gi)]
		.map(([, field = '', quoted, bare]) => ({ field: field.toLowerCase(), word: (quoted ?? bare ?? '').toLowerCase() }))
		.filter(({ word }) => word !== '');
}

function matches(message: Message, field: string, word: string): boolean {
	const people = (list: Address[]) => list.map(({ Name, Address }) => `${Name} ${Address}`).join(' ');
	const searched: Record<string, string> = {
		to: people(message.To),
		from: people([message.From]),
		cc: people(message.Cc),
		bcc: people(message.Bcc),
		subject: message.Subject
	};
	const text = searched[field] ?? [...Object.values(searched), message.Text].join(' ');
	return text.toLowerCase().includes(word);
}

/**
 * Opens the mails of a folder, oldest beyond the last 500 forgotten. Each mail is two files: `<id>.eml`, the mail as
 * it came, and `<id>.json`, its envelope, written last: a mail without one was never acknowledged.
 */
export async function openStore(folder: string): Promise<Store> {
	const messages = new Map<string, Message>();
	const file = (id: string, kind: 'eml' | 'json') => join(folder, `${id}.${kind}`);
	let lastTime = 0;

	const remove = (ids: string[] = [...messages.keys()]) => {
		for (const id of ids) {
			if (!messages.delete(id)) continue;
			rmSync(file(id, 'json'), { force: true });
			rmSync(file(id, 'eml'), { force: true });
		}
	};
	const keep = (message: Message) => {
		messages.set(message.ID, message);
		remove([...messages.keys()].slice(0, Math.max(0, messages.size - kept)));
	};

	const names = readdirSync(folder);
	for (const name of names) {
		if (name.endsWith('.eml') && !names.includes(name.replace('.eml', '.json'))) rmSync(join(folder, name));
	}
	for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
		const id = name.slice(0, -'.json'.length);
		try {
			keep(
				await read(id, readFileSync(file(id, 'eml')), JSON.parse(readFileSync(file(id, 'json'), 'utf8')) as Envelope)
			);
		} catch {
			// Cut off while being written: the sender was not told that it was kept, and will send it again.
			rmSync(file(id, 'json'), { force: true });
			rmSync(file(id, 'eml'), { force: true });
		}
	}

	const find = (id: string) => (id === 'latest' ? [...messages.values()].at(-1) : messages.get(id));

	return {
		async add(raw, recipients) {
			// Ids sort by the time of receipt, also across restarts and within one millisecond.
			lastTime = Math.max(Date.now() * 1000, lastTime + 1);
			const id = lastTime.toString(36).padStart(12, '0');
			const envelope: Envelope = { received: new Date().toISOString(), recipients };
			const message = await read(id, raw, envelope);
			writeFileSync(file(id, 'eml'), raw, { mode: 0o600 });
			writeFileSync(file(id, 'json'), JSON.stringify(envelope), { mode: 0o600 });
			keep(message);
			return message;
		},
		list(query = '') {
			const wanted = terms(query);
			return [...messages.values()]
				.filter((message) => wanted.every(({ field, word }) => matches(message, field, word)))
				.reverse();
		},
		find,
		raw: (id) => readFile(file(id, 'eml')),
		async part(id, partId) {
			if (!messages.has(id)) return null;
			const found = parts(await parse(await readFile(file(id, 'eml')))).find(({ part }) => part.PartID === partId);
			return found ? { part: found.part, content: found.content } : null;
		},
		remove
	};
}
