import { Hono } from 'hono';
import type { Pace } from './api/routes.ts';
import { arrive, payLater } from './checkout.ts';
import type { Double } from './double.ts';
import type { Weather, Webhooks } from './webhooks.ts';

/**
 * What Stripe has no API for and tests need: every event with its deliveries, sending one again, bad weather on the way, and
 * methods of payment that take days; and an API that takes its time.
 */
export function createTestRoutes(double: Double, webhooks: Webhooks, pace: Pace): Hono {
	const app = new Hono();

	app.get('/events', (context) => {
		const type = context.req.query('type');
		const deliveries = Map.groupBy(double.tables.deliveries.all(), ({ event }) => event);
		const found = double.tables.events.all().filter((event) => type === undefined || event.type === type);
		return context.json(found.map((event) => ({ event, deliveries: deliveries.get(event.id) ?? [] })));
	});

	app.post('/events/:id/resend', (context) => {
		const event = double.tables.events.get(context.req.param('id'));
		if (!event) return context.json({ message: 'No such event' }, 404);
		for (const endpoint of webhooks.listening(event.type)) webhooks.send(event, endpoint);
		return context.json({ resent: event.id }, 202);
	});

	// `{spreadMs, twice}`, or null for fair weather
	app.post('/weather', async (context) => {
		webhooks.disturb((await context.req.json()) as Weather | null);
		return context.body(null, 204);
	});

	// milliseconds
	app.post('/latency', async (context) => {
		pace.latencyMs = (await context.req.json()) as number;
		return context.body(null, 204);
	});

	// how many deliveries are still on their way
	app.get('/pending', (context) =>
		context.json(double.tables.deliveries.all().filter(({ status }) => status === 'pending').length)
	);

	app.post('/sessions/:id/pay-later', (context) => {
		const session = double.tables.checkoutSessions.get(context.req.param('id'));
		if (session?.status !== 'open') return context.json({ message: 'No such open session' }, 404);
		return context.json(payLater(double, session));
	});

	// `{number}` of the card that decides what becomes of it
	app.post('/sessions/:id/arrive', async (context) => {
		const session = double.tables.checkoutSessions.get(context.req.param('id'));
		if (!session) return context.json({ message: 'No such session' }, 404);
		const { number } = (await context.req.json()) as { number: string };
		return context.json(arrive(double, session, { number, month: 12, year: 2034 }));
	});

	return app;
}
