import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Address, Message, Store } from './store.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const style = readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');
const script = readFileSync(join(import.meta.dirname, 'page.js'), 'utf8');

/** The pages run our one script and nothing else; the mail itself is in a frame with rules of its own. */
const pagePolicy =
	"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** A mail may show pictures and styles; it runs no script, sends no form, and its links open elsewhere. */
const mailPolicy =
	"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; style-src * 'unsafe-inline'; font-src * data:; base-uri 'none'; form-action 'none'";

const person = ({ Name, Address }: Address) => (Name ? `${Name} <${Address}>` : Address);
const people = (list: Address[]) => list.map(person).join(', ');
const size = (bytes: number) =>
	bytes < 1024
		? `${bytes} B`
		: bytes < 1024 ** 2
			? `${Math.round(bytes / 1024)} kB`
			: `${(bytes / 1024 ** 2).toFixed(1)} MB`;
/** Written in UTC; the script shows it in the reader's own time. */
const moment = (iso: string) => html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;

function page(title: string, body: Html): Html {
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>${title}</title>
				<link
					rel="icon"
					href="data:image/svg+xml,${raw(encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><text y=".9em" font-size="90">✉️</text></svg>'))}"
				/>
				<link rel="stylesheet" href="/page.css" />
				<script src="/page.js" defer></script>
			</head>
			<body>
				${body}
			</body>
		</html>`;
}

function row(message: Message): Html {
	return html`<li>
		<a class="row" href="/message/${message.ID}">
			<span class="who" dir="auto">${people(message.To) || people(message.Bcc)}</span>
			<span class="when">${moment(message.Created)}</span>
			<span class="subject" dir="auto"
				>${message.Subject || '(no subject)'}${message.Attachments.length ? html` <span class="clip">+${message.Attachments.length} attached</span>` : ''}</span
			>
			<span class="snippet" dir="auto">${message.Snippet}</span>
		</a>
	</li>`;
}

/** The list, also asked for alone by the script that keeps it fresh. */
function list(messages: Message[], query: string): Html {
	if (messages.length === 0) {
		return html`<div id="list" class="empty">
			<p>${query ? 'No mail matches.' : 'No mail yet. What the platform sends appears here by itself.'}</p>
		</div>`;
	}
	return html`<div id="list">
		<ul>
			${messages.map(row)}
		</ul>
	</div>`;
}

function listPage(messages: Message[], query: string): Html {
	return page(
		`Mail (${messages.length})`,
		html`<header>
				<h1><a href="/">Mail</a></h1>
				<form role="search" action="/">
					<input
						type="search"
						name="query"
						value="${query}"
						placeholder="Search, or to:name@example.com"
						aria-label="Search mail"
					/>
				</form>
				<button type="button" data-delete="all">Delete all</button>
			</header>
			<main data-live>${list(messages, query)}</main>`
	);
}

const views = ['html', 'text', 'headers'] as const;
type View = (typeof views)[number];

function messagePage(message: Message, view: View): Html {
	const bodies: Record<View, () => Html> = {
		html: () =>
			html`<iframe
				title="The mail as it looks"
				src="/message/${message.ID}/html"
				sandbox="allow-popups allow-popups-to-escape-sandbox"
				referrerpolicy="no-referrer"
			></iframe>`,
		text: () => html`<pre dir="auto">${message.Text}</pre>`,
		headers: () =>
			html`<dl class="headers">
				${Object.entries(message.Headers).flatMap(([name, values]) =>
					values.map(
						(value) =>
							html`<dt>${name}</dt>
								<dd>${value}</dd>`
					)
				)}
			</dl>`
	};
	const fields: [string, string][] = [
		['From', person(message.From)],
		['To', people(message.To)],
		['Cc', people(message.Cc)],
		['Bcc', people(message.Bcc)],
		['Reply to', people(message.ReplyTo)]
	];
	return page(
		message.Subject || '(no subject)',
		html`<header>
				<a class="back" href="/">← All mail</a>
				<a class="source" href="/api/v1/message/${message.ID}/raw">Source</a>
				<button type="button" data-delete="${message.ID}">Delete</button>
			</header>
			<main class="message">
				<h1 dir="auto">${message.Subject || '(no subject)'}</h1>
				<dl class="fields">
					${fields
						.filter(([, value]) => value)
						.map(
							([name, value]) =>
								html`<dt>${name}</dt>
									<dd dir="auto">${value}</dd>`
						)}
					<dt>Received</dt>
					<dd>${moment(message.Created)}</dd>
				</dl>
				${
					message.Attachments.length
						? html`<ul class="parts">
								${message.Attachments.map(
									(part) =>
										html`<li>
											<a href="/api/v1/message/${message.ID}/part/${part.PartID}"
												><bdi>${part.FileName}</bdi> <small>${size(part.Size)}</small></a
											>
										</li>`
								)}
							</ul>`
						: ''
				}
				<nav aria-label="Parts of the mail">
					${views.filter((name) => name !== 'html' || message.HTML).map((name) => html`<a href="?view=${name}" ${name === view ? raw('aria-current="page"') : ''}>${{ html: 'Mail', text: 'Text', headers: 'Headers' }[name]}</a>`)}
				</nav>
				<div class="body">${bodies[view]()}</div>
			</main>`
	);
}

/** The mail's own HTML with its embedded pictures, links opening in a tab of their own. */
function framed(message: Message): string {
	const parts = [...message.Inline, ...message.Attachments];
	const body = message.HTML.replace(/cid:([^"'\s)>]+)/gi, (whole, id: string) => {
		const part = parts.find(({ ContentID }) => ContentID === decodeURIComponent(id));
		return part ? `/api/v1/message/${message.ID}/part/${part.PartID}` : whole;
	});
	return `<!doctype html><base target="_blank">${body}`;
}

/** The catcher's pages: list, message, and the mail in its frame. */
export function createPages(store: Store): Hono {
	const app = new Hono();
	app.use(async (context, next) => {
		await next();
		context.res.headers.set('x-content-type-options', 'nosniff');
		context.res.headers.set('cache-control', 'no-store');
		if (!context.res.headers.has('content-security-policy'))
			context.res.headers.set('content-security-policy', pagePolicy);
	});

	app.get('/page.css', (context) => context.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }));
	app.get('/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
	app.get('/', (context) => {
		const query = context.req.query('query') ?? '';
		return context.html(listPage(store.list(query), query));
	});
	app.get('/message/:id', (context) => {
		const message = store.find(context.req.param('id'));
		if (!message)
			return context.html(
				page(
					'Not found',
					html`<main class="empty">
						<p>This mail is gone. <a href="/">All mail</a></p>
					</main>`
				),
				404
			);
		const asked = views.find((view) => view === context.req.query('view')) ?? 'html';
		return context.html(messagePage(message, asked === 'html' && !message.HTML ? 'text' : asked));
	});
	app.get('/message/:id/html', (context) => {
		const message = store.find(context.req.param('id'));
		if (!message) return context.notFound();
		return context.html(framed(message), 200, { 'content-security-policy': mailPolicy });
	});
	return app;
}
