import fc from 'fast-check';
import { odd, oddOf, toJson, Verbatim } from './odd.ts';
import type { Scene } from './scene.ts';

/** One of the real values that the scene has by a name: which one is said by number, so that a call means the same in another run. */
export class Pick {
	readonly pool: string;
	readonly index: number;

	constructor(pool: string, index: number) {
		this.pool = pool;
		this.index = index;
	}

	toString() {
		return `${this.pool}[${this.index}]`;
	}
}

const pick = (pool: string) => fc.nat(23).map((index) => new Pick(pool, index));

/** What a parameter or a column takes: its name and its type as SQL spells them. */
export interface Taker {
	name: string;
	type: string;
}

/** The real values for a name that ends in `_id`: `entry_id` is of `waitlist_entries`. */
function poolOf(name: string): string {
	const stem = name.replace(/_id$/, '');
	const known: Record<string, string> = {
		entry: 'waitlist_entries',
		user: 'users',
		customer: 'users',
		sender: 'users',
		profile: 'hour_profiles',
		neighbour: 'resources',
		idempotency_key: 'keys'
	};
	return known[stem] ?? `${stem}s`;
}

/** A record whose fields are odd now and then. */
const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
	fc.record(
		Object.fromEntries(
			Object.entries(fields).map(([name, sensible]) => [
				name,
				fc.oneof({ weight: 20, arbitrary: sensible }, { weight: 1, arbitrary: odd })
			])
		)
	);

const contact: fc.Arbitrary<unknown> = fc.record(
	{
		name: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('Driss Alami', 'نور') }, { weight: 1, arbitrary: odd }),
		email: fc.oneof(
			{ weight: 5, arbitrary: fc.constantFrom('driss@example.com', 'DRISS@EXAMPLE.COM ') },
			{ weight: 1, arbitrary: odd }
		),
		phone: fc.oneof(
			{ weight: 5, arbitrary: fc.constantFrom('0612345678', '+212 6 12 34 56 78', '') },
			{ weight: 1, arbitrary: odd }
		),
		language: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('fr', 'ar', 'en') }, { weight: 1, arbitrary: odd }),
		address: fc.oneof(
			{ weight: 3, arbitrary: fc.constantFrom<unknown>({ line: '1 rue des Essais' }, null) },
			{ weight: 1, arbitrary: odd }
		)
	},
	{ requiredKeys: ['name', 'email'] }
);

/** Values that make sense, by the name of what takes them. */
const byName: Record<string, fc.Arbitrary<unknown>> = {
	manage_token: pick('tokens'),
	secret: pick('tokens'),
	proof: pick('tokens'),
	token: pick('invitation_tokens'),
	email: fc.oneof(pick('addresses'), fc.constant('driss@example.com')),
	role: fc.constantFrom('owner', 'manager', 'staff', 'moderator', 'admin', 'super_admin'),
	reason: fc.constantFrom('Fraude', ''),
	accepted: fc.boolean(),
	business: record({
		name: fc.constantFrom('Maison des Essais', 'دار'),
		category_slug: pick('categories'),
		city_slug: pick('cities'),
		district: fc.constant('Centre'),
		address: fc.constant('1 rue des Essais'),
		phone: fc.constantFrom('+212612345678', null)
	}),
	service: record({
		name: fc.constant('Une heure'),
		duration_minutes: fc.constantFrom(60, '30', 9999),
		price_minor: fc.constantFrom(10_000, '0', -1),
		place: fc.constantFrom('customer', 'provider')
	}),
	hours: fc.array(
		record({
			weekday: fc.integer({ min: 1, max: 7 }),
			opens: fc.constantFrom('09:00', '22:00'),
			closes: fc.constantFrom('12:00', '02:00', '09:00')
		}),
		{ maxLength: 4 }
	),
	idempotency_key: fc.oneof(pick('keys'), fc.uuid()),
	starts_at: pick('starts'),
	ends_at: pick('starts'),
	seats: fc.oneof(fc.constant(null), fc.subarray(['A1', 'A2', 'A3', 'A6', 'Z9'])),
	party_size: fc.constantFrom(1, 2, 4, 6, 7),
	guest: contact,
	address: fc.constantFrom({ line: '1 rue des Essais', city: 'Testville' }, { line: '' }),
	to_status: fc.constantFrom('confirmed', 'rejected', 'in_progress', 'completed', 'no_show', 'cancelled', 'held'),
	completion_code: fc.constantFrom('123456', '000000'),
	promo_code: pick('codes'),
	city: pick('cities'),
	category_slug: pick('categories'),
	lat: fc.constantFrom(33.5, 34.02, -90, 90),
	lng: fc.constantFrom(-7.6, -6.8, 180, -180),
	radius_km: fc.constantFrom(1, 10, 20_000, 0),
	sort: fc.constantFrom('relevance', 'distance', 'price', 'rating'),
	page_size: fc.constantFrom(1, 20, 50),
	q: fc.constantFrom('plombier', 'plombié', 'سباك', 'cafe rabat', 'essais'),
	after: fc.constantFrom('0.5_00000000-0000-0000-0000-000000000000', '1_'),
	weekday: fc.constantFrom(1, 5, 7),
	mode: fc.constantFrom('appointment', 'table', 'session'),
	kind: fc.constantFrom('staff', 'table', 'room'),
	slug: pick('slugs'),
	status: fc.constantFrom('published', 'draft', 'active'),
	language: fc.constantFrom('fr', 'ar', 'en'),
	phone: fc.constant('+212612345678'),
	code: fc.constantFrom('HIVER', 'ETE26')
};

const byType: Record<string, fc.Arbitrary<unknown>> = {
	uuid: pick('ids'),
	text: fc.constantFrom('Un texte', 'نص', 'a'),
	integer: fc.integer({ min: 0, max: 200 }),
	smallint: fc.integer({ min: 0, max: 7 }),
	bigint: fc.integer({ min: 0, max: 100_000 }),
	numeric: fc.constantFrom(0, 4.5, 5),
	'double precision': fc.constantFrom(0, 33.5),
	boolean: fc.boolean(),
	date: pick('dates'),
	'timestamp with time zone': pick('starts'),
	'timestamp without time zone': pick('starts'),
	'time without time zone': fc.constantFrom('08:00', '24:00', '12:30:00'),
	tstzrange: pick('ranges'),
	'text[]': fc.subarray(['A1', 'A2']),
	jsonb: fc.constantFrom<unknown>({}, { line: '1 rue des Essais' })
};

const of = (pool: string, ...numbers: number[]) => fc.constantFrom(...numbers).map((index) => new Pick(pool, index));
const none = fc.constant(undefined);

/** Values that make sense together, where each by itself seldom would; what is undefined is left out. */
export const together: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
	fc.record({
		service_id: of('services', 0, 1, 6),
		starts_at: pick('starts'),
		...{ session_id: none, seats: none, party_size: fc.constant(1), promo_code: none },
		...{ period: pick('ranges'), booking_id: pick('bookings'), manage_token: none },
		...{ idempotency_key: fc.uuid(), guest: contact }
	}),
	fc.record({
		service_id: of('services', 2, 3),
		starts_at: pick('starts'),
		...{ session_id: none, seats: none, party_size: fc.constantFrom(2, 4), promo_code: none },
		...{ booking_id: none, manage_token: pick('tokens'), idempotency_key: fc.uuid() }
	}),
	fc.record({
		service_id: of('services', 4),
		session_id: of('sessions', 0),
		...{ seats: fc.subarray(['A1', 'A2', 'A3', 'A4', 'A5'], { minLength: 1 }), starts_at: none, period: none },
		...{ party_size: none, promo_code: none, idempotency_key: fc.uuid() }
	}),
	fc.record({
		service_id: of('services', 5),
		session_id: of('sessions', 1),
		...{ seats: none, starts_at: none, period: none, party_size: fc.constantFrom(1, 2, 6), promo_code: none },
		...{ idempotency_key: fc.uuid(), booking_id: none, manage_token: pick('tokens'), provider_id: of('providers', 0) }
	}),
	fc.record({
		provider_id: of('providers', 0),
		conversation_id: none,
		...{ attachment_path: none, booking_id: of('bookings', 0, 1, 2), manage_token: none },
		...{ resource_id: of('resources', 0, 1, 2), service_id: of('services', 0), member_id: pick('users') }
	}),
	fc.record({ conversation_id: of('conversations', 0, 1, 2), attachment_path: none, after: none, q: none })
);

/** A value that makes sense for what takes it. */
export function sensibleFor({ name, type }: Taker): fc.Arbitrary<unknown> {
	return byName[name] ?? (type === 'uuid' && name.endsWith('_id') ? pick(poolOf(name)) : (byType[type] ?? odd));
}

/** A value that is odd for what takes it, or anything at all. */
export function oddFor({ type }: Taker): fc.Arbitrary<unknown> {
	return fc.oneof({ weight: 2, arbitrary: oddOf[type] ?? odd }, { weight: 1, arbitrary: odd });
}

/** The value that is meant by a Pick, in the scene as it is now; all else as it is. */
export function settle(scene: Scene, value: unknown): unknown {
	if (value instanceof Pick) {
		const pool = scene.pools.get(value.pool) ?? scene.pools.get('ids')!;
		return pool.length === 0 ? null : pool[value.index % pool.length];
	}
	if (value instanceof Verbatim) return value;
	if (Array.isArray(value)) return value.map((one) => settle(scene, one));
	if (value !== null && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, settle(scene, one)]));
	return value;
}

/** A settled value as text, for a query string or a form's field. */
export function toText(value: unknown): string {
	if (typeof value === 'string') return value;
	if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
		return `{${value.map((one) => `"${one.replace(/(["\\])/g, '\\$1')}"`).join(',')}}`;
	return toJson(value);
}
