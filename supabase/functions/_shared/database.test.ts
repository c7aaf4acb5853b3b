import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { callerOf } from './database.ts';

const environment: Record<string, string> = { SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}' };
vi.stubGlobal('Deno', { env: { get: (name: string) => environment[name] } });
afterEach(() => void delete environment.ADDRESS_HEADER);

const from = (headers: Record<string, string>) => callerOf(new Request('http://localhost/', { headers }));
const signed = (address: string) => ({
	'x-visitor': address,
	'x-visitor-signature': createHmac('sha256', 'sb_secret_x').update(address).digest('hex')
});

describe('the database is told from whom a request came', () => {
	test('as the site has signed it for its visitors', () => {
		const bySite = { 'x-visitor': '192.0.2.4', 'x-visitor-signature': 'f'.repeat(64) };
		expect(from({ ...bySite, 'cf-connecting-ip': '198.51.100.7' })).toEqual(bySite);
	});

	test('as the proxy in front says it, and not as the caller does', () => {
		const claimed = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1', 'x-visitor': '192.0.2.1' };
		expect(from({ ...claimed, 'cf-connecting-ip': '198.51.100.7' })).toEqual(signed('198.51.100.7'));
		expect(from(claimed)).toEqual({});
		environment.ADDRESS_HEADER = 'x-real-ip';
		expect(from({ 'x-real-ip': '198.51.100.8', 'cf-connecting-ip': '192.0.2.1' })).toEqual(signed('198.51.100.8'));
	});
});
