import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languages } from '#lib/i18n/languages.ts';
import { routesIn } from '#lib/routes.ts';
import { notification_kind } from '#lib/supabase/lists.ts';
import { addressOf, kinds } from './kinds.ts';

const root = `${import.meta.dirname}/../../..`;
const migrations = readdirSync(`${root}/supabase/migrations`)
	.sort()
	.map((file) => readFileSync(`${root}/supabase/migrations/${file}`, 'utf8'))
	.join('\n');

/** What the database puts in the bell: all kinds but for those that are mails alone. */
const mails = migrations.match(/k not in \(([^)]*)\)\s*from unnest\(enum_range\(null::public\.notification_kind/)![1]!;
const written = notification_kind.filter((kind) => !mails.match(/\w+/g)!.includes(kind)).sort();

test('every kind that the database may write has a page to lead to', () => {
	expect(Object.keys(kinds).sort()).toEqual(written);
});

test.each(languages)('every kind that the database may write has a sentence in %s', (language) => {
	const { kind } = JSON.parse(readFileSync(`${root}/src/lib/i18n/${language}/notifications.json`, 'utf8')) as {
		kind: Record<string, string>;
	};
	expect(Object.keys(kind).sort()).toEqual(written);
});

test.each([
	['booking_confirmed', '/ar/bookings/b'],
	['booking_requested', '/ar/dashboard/bookings/b'],
	['message_received', '/ar/messages/c'],
	['clock_clash', '/ar/dashboard?provider=amal'],
	['start_request_accepted', '/ar/become-provider?step=where'],
	['something_new', '/ar/bookings/b']
])('%s leads to %s', (kind, address) => {
	expect(
		addressOf({ kind, booking_id: 'b', data: { conversation_id: 'c', provider_slug: 'amal' } }, routesIn('ar'))
	).toBe(address);
});
