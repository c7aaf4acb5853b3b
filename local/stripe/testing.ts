import { Hono } from 'hono';
import type { Double } from './double.ts';
import type { Webhooks } from './webhooks.ts';

/** What Stripe has no API for and tests need: every event with its deliveries, and sending one again. */
export function createTestRoutes(double: Double, webhooks: Webhooks): Hono {
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

	return app;
}
