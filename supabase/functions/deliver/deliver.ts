import { bookingCalendar } from '../_shared/booking-calendar.ts';
import type { CalendarItem } from '../_shared/booking-calendar.ts';
import type { SendMail } from '../_shared/mail.ts';
import { work } from '../_shared/worker.ts';
import type { Outcome, Tally } from '../_shared/worker.ts';
import type { One } from '../_shared/lists.ts';

/** A row of `claim_deliveries`: one notification on one channel, with its texts already written. */
export interface Delivery {
	id: string;
	channel: string;
	recipient: string;
	language: One<'language'>;
	subject: string;
	body_html: string;
	body_text: string;
	attempts: number;
	/** of a mail to a booking's customer: the booking as it is now, for their calendar */
	calendar: CalendarItem | null;
}

/** How a channel sends: one function each, so that a provider is added without touching the rest. */
export type Channel = (delivery: Delivery) => Promise<Outcome>;

export type Rpc = (
	name: string,
	parameters: Record<string, unknown>
) => PromiseLike<{ data: unknown; error: { message: string } | null }>;

const batch = 20;
const notConfigured: Channel = async () => ({ ok: false, error: 'not_configured' });

/** From which address mails come, and where the site is. */
interface Sender {
	from: string;
	siteUrl?: string;
}

/** The channels there are. Those without a provider say so, and the database marks their deliveries as skipped. */
export function createChannels(send: SendMail, { from, siteUrl }: Sender): Record<string, Channel> {
	return {
		email: ({ id, recipient, language, subject, body_html, body_text, calendar }) =>
			send({
				id,
				to: recipient,
				subject,
				html: body_html,
				text: body_text,
				language,
				...(calendar && {
					calendar: bookingCalendar(calendar, {
						language,
						siteUrl,
						now: new Date(),
						mail: { from, to: recipient }
					})
				})
			}),
		sms: notConfigured,
		push: notConfigured
	};
}

/** Claims deliveries, sends them and reports each. Raises when the database refuses or does not answer. */
export function deliver(rpc: Rpc, channels: Record<string, Channel>): Promise<Tally> {
	const call = async (name: string, parameters: Record<string, unknown>) => {
		const { data, error } = await rpc(name, parameters);
		if (error) throw new Error(`${name}: ${error.message}`);
		return data;
	};
	return work<Delivery>({
		claim: async () => (await call('claim_deliveries', { batch })) as Delivery[],
		handle: (delivery) => (channels[delivery.channel] ?? notConfigured)(delivery),
		finish: async ({ id }, { ok, providerId = null, error = null }) => {
			await call('finish_delivery', { delivery_id: id, ok, provider_id: providerId, error });
		},
		concurrency: 5,
		linger: 1000,
		budget: 30_000
	});
}
