import Stripe from 'stripe';

/**
 * The Stripe client of STRIPE_SECRET_KEY. STRIPE_API_BASE, when set, is another address that speaks Stripe's API, such as a
 * test double; a live key is never sent there. Raises when the key is missing or would be sent to the wrong place.
 */
export function stripeClient(environment: { get(name: string): string | undefined } = Deno.env): Stripe {
	const key = environment.get('STRIPE_SECRET_KEY');
	if (!key) throw new Error('STRIPE_SECRET_KEY is not set');
	const base = environment.get('STRIPE_API_BASE');
	if (!base) return new Stripe(key, { httpClient: Stripe.createFetchHttpClient(), maxNetworkRetries: 2 });
	if (/^[sr]k_live_/.test(key))
		throw new Error('STRIPE_API_BASE is set: refusing to send a live key to an address that is not Stripe');
	const { protocol, hostname, port } = new URL(base);
	return new Stripe(key, {
		httpClient: Stripe.createFetchHttpClient(),
		maxNetworkRetries: 2,
		protocol: protocol === 'http:' ? 'http' : 'https',
		host: hostname,
		...(port ? { port: Number(port) } : {})
	});
}

/** Verifies a webhook's signature, not older than five minutes, and gives its event. Raises for a forged or missing one. */
export async function verifiedEvent(
	stripe: Stripe,
	body: string,
	signature: string | null,
	secret: string
): Promise<Stripe.Event> {
	// Deno has no synchronous crypto: only the asynchronous form works there.
	return await stripe.webhooks.constructEventAsync(
		body,
		signature ?? '',
		secret,
		300,
		Stripe.createSubtleCryptoProvider()
	);
}

/** Closes a page that nobody is to pay any more; nothing where it has ended, or Stripe knows none by that id. */
export async function closePage(stripe: Stripe, sessionId: string): Promise<void> {
	try {
		const session = await stripe.checkout.sessions.retrieve(sessionId);
		if (session.status === 'open') await stripe.checkout.sessions.expire(sessionId);
	} catch (error) {
		if (!(error instanceof Stripe.errors.StripeError) || error.code !== 'resource_missing') throw error;
	}
}
