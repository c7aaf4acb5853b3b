import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Message, Store } from './store.ts';

/** A message in a list: Mailpit's summary. */
function summary(message: Message) {
	const { ID, MessageID, From, To, Cc, Bcc, ReplyTo, Subject, Created, Snippet, Size } = message;
	return {
		ID,
		MessageID,
		From,
		To,
		Cc,
		Bcc,
		ReplyTo,
		Subject,
		Created,
		Snippet,
		Size,
		Attachments: message.Attachments.length
	};
}

/** A message in full: Mailpit's, with the headers beside it. */
function full(message: Message) {
	const { Created: _created, Snippet: _snippet, ...rest } = message;
	return rest;
}

/** The catcher's JSON API, in the shape of Mailpit's. Paths are relative to `/api/v1`. */
export function createApi(store: Store): Hono {
	const app = new Hono();

	const list = (context: Context) => {
		const found = store.list(context.req.query('query'));
		const start = Math.max(0, Number(context.req.query('start')) || 0);
		const limit = Math.max(0, Number(context.req.query('limit') ?? 50) || 0);
		const messages = found.slice(start, start + limit).map(summary);
		return context.json({ total: found.length, messages_count: found.length, count: messages.length, start, messages });
	};
	app.get('/messages', list);
	app.get('/search', list);

	app.delete('/messages', async (context) => {
		const body = (await context.req.json().catch(() => ({}))) as { IDs?: string[] };
		store.remove(body.IDs?.length ? body.IDs : undefined);
		return context.text('ok');
	});

	const notFound = (context: Context) => context.json({ Error: 'Message not found' }, 404);

	app.get('/message/:id', (context) => {
		const message = store.find(context.req.param('id'));
		return message ? context.json(full(message)) : notFound(context);
	});
	app.get('/message/:id/headers', (context) => {
		const message = store.find(context.req.param('id'));
		return message ? context.json(message.Headers) : notFound(context);
	});
	app.get('/message/:id/raw', async (context) => {
		const message = store.find(context.req.param('id'));
		if (!message) return notFound(context);
		return context.body(new Uint8Array(await store.raw(message.ID)), 200, {
			'content-type': 'text/plain; charset=utf-8',
			'x-content-type-options': 'nosniff'
		});
	});
	app.get('/message/:id/part/:part', async (context) => {
		const message = store.find(context.req.param('id'));
		const found = message && (await store.part(message.ID, context.req.param('part')));
		if (!found) return notFound(context);
		const { part, content } = found;
		// A mail's file must never run as a page of ours: pictures are shown, the rest is downloaded.
		const shown = /^image\/(png|jpeg|gif|webp|avif)$/.test(part.ContentType);
		return context.body(new Uint8Array(content), 200, {
			'content-type': part.ContentType,
			'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(part.FileName)}`,
			'x-content-type-options': 'nosniff',
			'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
		});
	});
	return app;
}
