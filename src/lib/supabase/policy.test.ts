import { expect, test } from 'vitest';
import { withSources, withSupabase } from './policy.ts';

const policy = "default-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self' https:";

test('a hosted project is reached over https and wss', () => {
	expect(withSupabase(policy, 'https://abc.supabase.co')).toBe(
		"default-src 'self'; connect-src 'self' https://abc.supabase.co wss://abc.supabase.co; " +
			"img-src 'self' data: https://abc.supabase.co; form-action 'self' https:"
	);
});

test('beside a local project a form may end at another port of the same machine', () => {
	const extended = withSupabase(policy, 'http://127.0.0.1:54321');
	expect(extended).toContain("connect-src 'self' http://127.0.0.1:54321 ws://127.0.0.1:54321");
	expect(extended).toContain("form-action 'self' https: http://127.0.0.1:*");
});

test('a company’s sources are let in where they are needed, and nowhere else', () => {
	expect(withSources(policy, { 'connect-src': 'https://a.example', 'frame-src': 'https://b.example' })).toBe(
		"default-src 'self'; connect-src 'self' https://a.example; img-src 'self' data:; form-action 'self' https:; " +
			"frame-src 'self' https://b.example"
	);
	expect(withSources(policy, {})).toBe(policy);
});
