import { describe, expect, test } from 'vitest';
import { project } from '../testing/project.ts';

describe('the gateway', () => {
	test('refuses REST calls without an API key', async () => {
		const answer = await fetch(`${project.url}/rest/v1/`);
		expect(answer.status).toBe(401);
	});

	test('refuses an API key it has not given out', async () => {
		const answer = await fetch(`${project.url}/rest/v1/`, { headers: { apikey: 'sb_publishable_made_up' } });
		expect(answer.status).toBe(401);
	});

	test('answers a preflight from any origin', async () => {
		const answer = await fetch(`${project.url}/rest/v1/contract_things`, {
			method: 'OPTIONS',
			headers: {
				origin: 'https://example.com',
				'access-control-request-method': 'PATCH',
				'access-control-request-headers': 'apikey,prefer'
			}
		});
		expect(answer.ok).toBe(true);
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(answer.headers.get('access-control-allow-headers')).toContain('prefer');
	});
});
