import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type Stripe from 'stripe';
import { findSession, paySession, settleSession } from '../checkout.ts';
import type { Double } from '../double.ts';
import { finishAuthentication } from '../payments.ts';
import { checkForm } from './form.ts';
import type { Mistakes } from './form.ts';
import { noticePage, payPage, proofPage } from './view.ts';
import { languageOf, refusal, words } from './words.ts';

function successUrl(session: Stripe.Checkout.Session): string {
	return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}

/** The pages that a payer sees. They need no script: every step is a form. */
export function createPages(double: Double): Hono<{ Variables: { nonce: string } }> {
	const app = new Hono<{ Variables: { nonce: string } }>();

	app.use(async (context, next) => {
		const nonce = randomBytes(16).toString('base64');
		context.set('nonce', nonce);
		await next();
		// No form-action: a browser would hold the redirects back to the site against it.
		context.header(
			'content-security-policy',
			`default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`
		);
		context.header('cache-control', 'no-store');
		context.header('referrer-policy', 'no-referrer');
		context.header('x-content-type-options', 'nosniff');
	});

	const language = (context: Context, locale: string | null) =>
		languageOf(locale, context.req.header('accept-language'));
	const session = (id: string) => (double.tables.checkoutSessions.get(id) ? findSession(double, id) : undefined);

	function notFound(context: Context): Response | Promise<Response> {
		const tongue = language(context, null);
		return context.html(
			noticePage(tongue, context.get('nonce'), words[tongue].missingTitle, words[tongue].missingText, null),
			404
		);
	}

	function show(
		context: Context,
		found: Stripe.Checkout.Session,
		mistakes: Mistakes = {},
		typed?: { email: string; name: string }
	): Response | Promise<Response> {
		const tongue = language(context, found.locale);
		const text = words[tongue];
		const nonce: string = context.get('nonce');
		if (found.status === 'expired')
			return context.html(noticePage(tongue, nonce, text.expiredTitle, text.expiredText, found.cancel_url), 410);
		if (found.status === 'complete')
			return context.html(noticePage(tongue, nonce, text.completeTitle, text.completeText, successUrl(found)));
		const kept = double.tables.checkoutDetails.get(found.id);
		const error = double.tables.paymentIntents.get(String(found.payment_intent))?.last_payment_error;
		const page = payPage({
			brand: double.brand,
			language: tongue,
			nonce,
			session: found,
			lines: kept?.lineItems ?? [],
			draft: typed ?? kept?.draft ?? { email: '', name: '' },
			mistakes,
			refused: error ? refusal(tongue, [error.decline_code, error.code]) : null
		});
		return context.html(page, Object.keys(mistakes).length > 0 ? 422 : 200);
	}

	app.get('/pay/:id', (context) => {
		const found = session(context.req.param('id'));
		return found ? show(context, found) : notFound(context);
	});

	app.post('/pay/:id', async (context) => {
		const found = session(context.req.param('id'));
		if (!found) return notFound(context);
		if (found.status !== 'open') return show(context, found);
		const given = Object.fromEntries(new URLSearchParams(await context.req.text()));
		const { card, holder, mistakes } = checkForm(
			given,
			found.customer_email,
			double.now(),
			words[language(context, found.locale)]
		);
		if (Object.keys(mistakes).length > 0) return show(context, found, mistakes, holder);
		const intent = paySession(double, found, card, holder);
		if (intent.status === 'requires_action') return context.redirect(`/c/authenticate/${intent.id}`, 303);
		// A refused card goes back to the page, which says why; reloading that page pays nothing twice.
		return context.redirect(
			intent.status === 'requires_payment_method' ? `/c/pay/${found.id}` : successUrl(found),
			303
		);
	});

	const waiting = (id: string) => {
		const intent = double.tables.paymentIntents.get(id);
		return { intent, session: double.tables.checkoutSessions.all().find(({ payment_intent: held }) => held === id) };
	};

	/** Where a payer goes when the bank's question is answered. */
	function afterProof(
		intent: Stripe.PaymentIntent,
		returnUrl: string | null,
		of: Stripe.Checkout.Session | undefined
	): string | null {
		if (of) return settleSession(double, of).status === 'complete' ? successUrl(of) : `/c/pay/${of.id}`;
		if (!returnUrl) return null;
		const url = new URL(returnUrl);
		url.searchParams.set('payment_intent', intent.id);
		url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '');
		url.searchParams.set('redirect_status', intent.status === 'requires_payment_method' ? 'failed' : 'succeeded');
		return url.href;
	}

	app.get('/authenticate/:id', (context) => {
		const { intent, session: of } = waiting(context.req.param('id'));
		if (!intent) return notFound(context);
		if (intent.status !== 'requires_action') return of ? context.redirect(`/c/pay/${of.id}`, 303) : notFound(context);
		return context.html(proofPage(language(context, of?.locale ?? null), context.get('nonce'), intent));
	});

	app.post('/authenticate/:id', async (context) => {
		const { intent, session: of } = waiting(context.req.param('id'));
		if (!intent) return notFound(context);
		if (of && session(of.id)?.status !== 'open') return context.redirect(`/c/pay/${of.id}`, 303);
		const outcome = new URLSearchParams(await context.req.text()).get('outcome');
		const returnUrl = intent.next_action?.redirect_to_url?.return_url ?? null;
		const after = finishAuthentication(double, intent, outcome === 'complete');
		const target = afterProof(after, returnUrl, of);
		return target ? context.redirect(target, 303) : notFound(context);
	});

	app.all('*', notFound);
	return app;
}
