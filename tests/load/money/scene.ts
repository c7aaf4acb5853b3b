import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import Stripe from 'stripe';
import type { Database } from '../../../src/lib/supabase/database.ts';
import { startAt } from '../stage.ts';

type Client = SupabaseClient<Database>;

/** Where money is moved: a project with its doubles. */
export interface Place {
	sql: Sql;
	apiUrl: string;
	publishableKey: string;
	secretKey: string;
	stripeUrl: string;
}

/** A business that asks for deposits, and what it takes to act as its customers, its owner, its workers and Stripe. */
export interface Scene {
	place: Place;
	provider: string;
	/** a course of 900 MAD for each who comes, 30 % of it paid before: service, sessions and when they start */
	course: { service: string; sessions: string[]; starts: string[] };
	/** an hour of one person's time, 250 MAD: whoever is late finds it taken */
	visit: string;
	visitor: Client;
	owner: Client;
	worker: Client;
	stripe: Stripe;
	/** posts to what the double of Stripe has for tests alone */
	test(path: string, body: unknown): Promise<Response>;
	/** the starts of the visit, each given once */
	nextStart(): Promise<string>;
}

const options = { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } };

export async function makeScene(place: Place): Promise<Scene> {
	const { sql } = place;
	const worker = createClient<Database>(place.apiUrl, place.secretKey, options);
	const visitor = createClient<Database>(place.apiUrl, place.publishableKey, options);
	const owner = createClient<Database>(place.apiUrl, place.publishableKey, options);
	const email = `money.${randomUUID()}@example.com`;
	const password = randomUUID();
	const made = await worker.auth.admin.createUser({ email, password, email_confirm: true });
	if (made.error) throw made.error;
	const signedIn = await owner.auth.signInWithPassword({ email, password });
	if (signedIn.error) throw signedIn.error;

	const slug = `money-${randomUUID().slice(0, 8)}`;
	await sql`
		insert into cities (slug, name_fr, name_ar, name_en, latitude, longitude)
		values ('testville', 'Testville', 'تستفيل', 'Testville', 33.5, -7.6) on conflict do nothing`;
	const [provider] = await sql<{ id: string }[]>`
		with category as (
			insert into categories (slug, name_fr, name_ar, name_en, icon)
			values (${slug}, 'Essais', 'تجارب', 'Trials', 'wrench') returning id
		)
		insert into providers (
			slug, name, category_id, city_slug, district, address, latitude, longitude, status, cancellation_policy_id
		)
		select ${slug}, 'Stages', category.id, 'testville', 'Centre', '1 rue des Essais', 33.5, -7.6, 'published', p.id
		from category, cancellation_policies p where p.code = 'moderate' returning id`;
	const id = provider!.id;
	await sql`insert into provider_members (provider_id, user_id, role) values (${id}, ${made.data.user.id}, 'owner')`;
	const services = await sql<{ id: string }[]>`
		insert into services (
			provider_id, mode, name_fr, duration_minutes, step_minutes, notice_minutes, horizon_days, price_minor, price_per,
			deposit_percent, max_party
		)
		values (${id}, 'session', 'Stage', 60, 60, 0, 700, 90000, 'person', 30, 20),
			(${id}, 'appointment', 'Visite', 60, 60, 0, 700, 25000, 'booking', 30, 1)
		returning id`;
	const [course, visit] = [services[0]!.id, services[1]!.id];
	await sql`
		with staff as (
			insert into resources (provider_id, kind, name) values (${id}, 'staff', 'Karim') returning id
		)
		insert into service_resources (service_id, resource_id) select ${visit}, id from staff`;
	await sql`
		insert into opening_hours (provider_id, weekday, opens, closes)
		select ${id}, day, '08:00', '20:00' from generate_series(1, 7) as day`;
	const [room] = await sql<{ id: string }[]>`
		insert into resources (provider_id, kind, name, capacity) values (${id}, 'room', 'Salle', 10000) returning id`;
	const sessions: string[] = [];
	const starts: string[] = [];
	for (let day = 5; day < 10; day++) {
		const at = await startAt(sql, day, 10);
		const [session] = await sql<{ id: string }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (${id}, ${course}, ${room!.id}, ${at}, ${at}::timestamptz + interval '1 hour', 10000) returning id`;
		sessions.push(session!.id);
		starts.push(at);
	}
	const { hostname, port } = new URL(place.stripeUrl);
	let start = 0;
	return {
		place,
		provider: id,
		course: { service: course, sessions, starts },
		visit,
		visitor,
		owner,
		worker,
		stripe: new Stripe('sk_test_money', { host: hostname, port: Number(port), protocol: 'http', telemetry: false }),
		test: (path, body) => fetch(`${place.stripeUrl}/_test/${path}`, { method: 'POST', body: JSON.stringify(body) }),
		nextStart: () => startAt(sql, 2 + Math.floor(start / 12), 8 + (start++ % 12))
	};
}
