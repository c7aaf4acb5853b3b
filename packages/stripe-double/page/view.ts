import { html, raw } from 'hono/html';
import type Stripe from 'stripe';
import { money } from '../currencies.ts';
import type { FieldName, Mistakes } from './form.ts';
import { style } from './style.ts';
import { words } from './words.ts';
import type { Language } from './words.ts';

type Markup = ReturnType<typeof html>;

const mark = raw(
	'<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="currentColor" opacity=".12"/><path d="M7 14.5l4.5 4.5L21 9" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
);

function frame(language: Language, title: string, nonce: string, narrow: boolean, body: Markup): Markup {
	return html`<!doctype html>
		<html lang="${language}">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="robots" content="noindex" />
				<title>${title}</title>
				<style nonce="${nonce}">
					${raw(style)}
				</style>
			</head>
			<body>
				<p class="badge" role="note">${words[language].badge}</p>
				<main class="${narrow ? 'narrow' : ''}">${body}</main>
			</body>
		</html>`;
}

interface Field {
	name: FieldName;
	label: string;
	value?: string;
	hint?: string;
	attributes: string;
}

function input(field: Field, mistakes: Mistakes): Markup {
	const mistake = mistakes[field.name];
	const described = [field.hint ? `${field.name}-hint` : '', mistake ? `${field.name}-error` : '']
		.filter(Boolean)
		.join(' ');
	return html`<div class="field">
		<label for="${field.name}">${field.label}</label>
		<input
			id="${field.name}"
			name="${field.name}"
			value="${field.value ?? ''}"
			${raw(field.attributes)}${described ? html` aria-describedby="${described}"` : ''}${mistake ? raw(' aria-invalid="true"') : ''}
			required
		/>
		${field.hint ? html`<small class="hint" id="${field.name}-hint">${field.hint}</small>` : ''}
		${mistake ? html`<p class="error" id="${field.name}-error">${mistake}</p>` : ''}
	</div>`;
}

interface PayPage {
	/** who is paid */
	brand: string;
	language: Language;
	nonce: string;
	session: Stripe.Checkout.Session;
	lines: Stripe.LineItem[];
	draft: { email: string; name: string };
	mistakes: Mistakes;
	/** why the last attempt was refused */
	refused: string | null;
}

/** The form to pay with. */
export function payPage({ brand, language, nonce, session, lines, draft, mistakes, refused }: PayPage): Markup {
	const text = words[language];
	const currency = session.currency ?? 'mad';
	const show = (amount: number) => money(amount, currency, language);
	const total = show(session.amount_total ?? 0);
	const wrong = Object.keys(mistakes).length > 0;
	return frame(
		language,
		`${text.title} · ${brand}`,
		nonce,
		false,
		html` <section class="side">
				<p class="brand">${mark}${brand}</p>
				<p class="total">${text.total}</p>
				<h1 class="amount">${total}</h1>
				<ul class="lines" aria-label="${text.summary}">
					${lines.map(
						({ description, quantity, amount_total: sum, price }) =>
							html`<li>
								<span
									><b>${description}</b>
									${(quantity ?? 1) > 1 ? html`<small>${text.quantity} ${quantity} × ${show(price?.unit_amount ?? 0)}</small>` : ''}</span
								><span>${show(sum)}</span>
							</li>`
					)}
				</ul>
				${session.cancel_url ? html`<a class="cancel" href="${session.cancel_url}">← ${text.cancel}</a>` : ''}
			</section>
			<section>
				<form method="post" novalidate>
					${refused && !wrong ? html`<p class="alert" role="alert">${refused}</p>` : ''}
					${wrong ? html`<p class="alert" role="alert">${text.fix}</p>` : ''}
					<h2>${text.contact}</h2>
					${input({ name: 'email', label: text.email, value: draft.email, attributes: `type="email" autocomplete="email" dir="ltr"${session.customer_email ? ' readonly' : ''}` }, mistakes)}
					<h2>${text.card}</h2>
					${input({ name: 'number', label: text.number, attributes: 'inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234" maxlength="23"' }, mistakes)}
					<div class="pair">
						${input({ name: 'expiry', label: text.expiry, attributes: `inputmode="numeric" autocomplete="cc-exp" placeholder="${text.expiryHint}" maxlength="9"` }, mistakes)}
						${input({ name: 'cvc', label: text.cvc, attributes: 'inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4"' }, mistakes)}
					</div>
					${input({ name: 'name', label: text.name, value: draft.name, attributes: 'autocomplete="cc-name" maxlength="120"' }, mistakes)}
					<button type="submit">
						${(session.submit_type === 'book' ? text.book : text.pay).replace('{amount}', total)}
					</button>
				</form>
				<details>
					<summary>${text.testCards}</summary>
					<ul>
						<li><code>4242 4242 4242 4242</code> ${text.succeeds}</li>
						<li><code>4000 0025 0000 3155</code> ${text.authenticates}</li>
						<li><code>4000 0000 0000 9995</code> ${text.noFunds}</li>
						<li><code>4000 0000 0000 0002</code> ${text.refused}</li>
					</ul>
					<p>${text.testHint}</p>
				</details>
			</section>`
	);
}

/** The 3-D Secure step: the person plays the bank. */
export function proofPage(language: Language, nonce: string, intent: Stripe.PaymentIntent): Markup {
	const text = words[language];
	return frame(
		language,
		text.proofTitle,
		nonce,
		true,
		html` <div class="card stack">
			<h1>${text.proofTitle}</h1>
			<p>${text.proofText.replace('{amount}', money(intent.amount, intent.currency, language))}</p>
			<form method="post">
				<button type="submit" name="outcome" value="complete">${text.proofPass}</button>
				<button type="submit" name="outcome" value="fail" class="second">${text.proofFail}</button>
			</form>
		</div>`
	);
}

/** A page that only says something, with a way back. */
export function noticePage(
	language: Language,
	nonce: string,
	title: string,
	sentence: string,
	back: string | null
): Markup {
	return frame(
		language,
		title,
		nonce,
		true,
		html` <div class="card stack">
			<h1>${title}</h1>
			<p>${sentence}</p>
			${back ? html`<a class="button" href="${back}">${words[language].back}</a>` : ''}
		</div>`
	);
}
