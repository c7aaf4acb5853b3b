import type { Business, Row, Scene } from '../scene.ts';

/** Makes one row and returns it. `client` is the account that "the client" means in this try. */
export type Make = (scene: Scene, client: string) => Promise<Row>;

/** How the rows of a table are made, by the kinds that its declaration names. */
export interface Recipe {
	/** what an update changes in a row; needed where anybody may update */
	change?: Row | ((row: Row) => Row);
	kinds: Record<string, Make>;
	/** there is but one such row, or it cannot be taken away again: it is made once, and changes are put back */
	standing?: true;
}
export type Recipes = Record<string, Recipe>;

export const changeOf = ({ change }: Recipe, row: Row): Row | undefined =>
	typeof change === 'function' ? change(row) : change;

/** The same row for a published provider, for a draft and for a suspended one. */
export function ofEach(make: (scene: Scene, provider: Business) => Promise<Row>): Record<string, Make> {
	return {
		'of a published provider': (scene) => make(scene, scene.published),
		'of a draft': (scene) => make(scene, scene.draft),
		'of a suspended provider': (scene) => make(scene, scene.suspended)
	};
}

/** A date far ahead that no other row has. */
export const day = (scene: Scene) => new Date(Date.UTC(2040, 0, 1 + 3 * scene.next())).toISOString().slice(0, 10);

const plusAnHour = (at: string) => new Date(Date.parse(at) + 3_600_000).toISOString();
/** The hour from an instant, as Postgres writes a range. */
export const hourFrom = (at: string) => `[${at},${plusAnHour(at)})`;

/** What makes a booking one with the suspended provider. */
export const withSuspended = ({ suspended }: Scene): Row => ({
	provider_id: suspended.id,
	service_id: suspended.service
});

/** A booking far ahead, of the published provider's service. `customer` null: a guest's, with a secret link. */
export async function makeBooking(scene: Scene, customer: string | null, values: Row = {}): Promise<Row> {
	const starts = (values.starts_at as string | undefined) ?? scene.hour();
	return scene.insert('bookings', {
		reference: `MX${process.hrtime.bigint().toString(36).toUpperCase()}${scene.next()}`,
		provider_id: scene.published.id,
		service_id: scene.published.service,
		mode: 'appointment',
		status: 'confirmed',
		customer_id: customer,
		customer_name: 'Zoubida',
		customer_email: 'zoubida@example.com',
		customer_phone: '+212600000000',
		language: 'fr',
		starts_at: starts,
		ends_at: plusAnHour(starts),
		local_starts_at: starts.slice(0, 19),
		time_zone: 'Africa/Casablanca',
		party_size: 1,
		notes: '',
		price_minor: 15000,
		discount_minor: 0,
		deposit_minor: 0,
		paid_minor: 0,
		refund_minor: 0,
		paid_on_site_minor: 0,
		refund_cap_percent: 100,
		free_to_cancel: false,
		forfeited_minor: 0,
		currency: 'MAD',
		policy: { code: 'flexible', tiers: [] },
		idempotency_key: crypto.randomUUID(),
		id: crypto.randomUUID(),
		created_at: new Date().toISOString(),
		updated_at: new Date().toISOString(),
		...values
	});
}

/** The conversation of an account with a provider, the published one where none is named: there is one. */
export async function conversationOf(scene: Scene, client: string, provider = scene.published): Promise<Row> {
	const [found] = await scene.db<{ row: Row }[]>`
		insert into conversations as c (provider_id, customer_id) values (${provider.id}, ${client})
		on conflict (provider_id, customer_id) do update set provider_id = excluded.provider_id
		returning to_jsonb(c) as row`;
	return found!.row;
}

/** A session far ahead in one of a provider's rooms, with five places. */
export function makeSession(scene: Scene, provider: Business, values: Row = {}): Promise<Row> {
	const starts = scene.hour();
	return scene.insert('sessions', {
		provider_id: provider.id,
		service_id: provider.showings,
		resource_id: provider.room,
		starts_at: starts,
		ends_at: plusAnHour(starts),
		capacity: 5,
		...values
	});
}

/** The path of a file in a folder, as the server puts them there. */
export async function makeFile(scene: Scene, bucket: string, folder: string, extension: string): Promise<string> {
	const path = `${folder}/${crypto.randomUUID()}`;
	await scene.db`insert into storage.objects (bucket_id, name) values (${bucket}, ${path + extension})`;
	return path + extension;
}

/** A slug that nothing else has. */
export const slug = (scene: Scene) => `trial-${scene.next()}-${crypto.randomUUID().slice(0, 8)}`;

/** Another provider with the scene's team. */
export async function makeProvider(scene: Scene, status: 'published' | 'draft' | 'suspended'): Promise<Row> {
	const copied = scene.db`name, category_id, city_slug, district, address, latitude, longitude, cancellation_policy_id`;
	const [made] = await scene.db<{ row: Row }[]>`
		insert into providers as p (slug, status, ${copied})
		select ${slug(scene)}, ${status}, ${copied} from providers where id = ${scene.published.id}
		returning to_jsonb(p) as row`;
	await scene.db`
		insert into provider_members (provider_id, user_id, role)
		select ${made!.row.id as string}, user_id, role from provider_members where provider_id = ${scene.published.id}`;
	return made!.row;
}

/** A service of a provider. */
export function makeService(scene: Scene, provider: Business, values: Row = {}): Promise<Row> {
	const common = { provider_id: provider.id, duration_minutes: 60, price_minor: 10000 };
	return scene.insert('services', { ...common, name_fr: `Essai ${scene.next()}`, ...values });
}

/** A resource of a provider. */
export function makeResource(scene: Scene, provider: Business, values: Row = {}): Promise<Row> {
	return scene.insert('resources', { provider_id: provider.id, kind: 'staff', name: `N° ${scene.next()}`, ...values });
}

/** A row that is there already. */
export async function found(scene: Scene, table: string, where: Row): Promise<Row> {
	const [row] = await scene.db<{ row: Row }[]>`
		select to_jsonb(t) as row from ${scene.db(`public.${table}`)} t
		where to_jsonb(t) @> ${scene.db.json(where as never)} limit 1`;
	return row!.row;
}
