import type { Cell } from '#lib/csv/csv.ts';
import type { I18n } from '#lib/i18n/i18n.ts';
import { localised } from '#lib/i18n/localised.ts';
import { toMajor } from '#lib/money/money.ts';
import { providerStatus } from '../status.ts';
import { placesOf } from './queries.ts';
import type { FileBooking } from './queries.ts';

const heads = [
	'reference',
	'status',
	'date',
	'time',
	'service',
	'places',
	'customer',
	'email',
	'phone',
	'people',
	'seats',
	'price',
	'discount',
	'paid',
	'refund',
	'paid_on_site',
	'currency',
	'notes'
] as const;

/** The first row of the list as a file. Needs the dictionaries `dashboard` and `booking`. */
export function headOf(t: I18n): string[] {
	return heads.map((head) => t(`dashboard.list.head.${head}`));
}

/** A booking as a row of a file: days and times as spreadsheets sort them, sums in whole units of the currency. */
export function rowOf(booking: FileBooking, t: I18n): Cell[] {
	const sum = (minor: number) => toMajor(minor, booking.currency);
	const cells: Record<(typeof heads)[number], Cell> = {
		reference: booking.reference,
		status: t(providerStatus(booking.status)),
		date: booking.local_starts_at.slice(0, 10),
		time: booking.local_starts_at.slice(11, 16),
		service: localised(booking.service, 'name', t.language),
		places: placesOf(booking).join(', '),
		customer: booking.customer_name,
		email: booking.customer_email,
		phone: booking.customer_phone,
		people: booking.party_size,
		seats: booking.seats?.join(', ') ?? null,
		price: sum(booking.price_minor),
		discount: sum(booking.discount_minor),
		paid: sum(booking.paid_minor),
		refund: sum(booking.refund_minor),
		paid_on_site: sum(booking.paid_on_site_minor),
		currency: booking.currency,
		notes: booking.notes || null
	};
	return heads.map((head) => cells[head]);
}
