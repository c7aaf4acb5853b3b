import { expect, test } from 'vitest';
import { webhookSecret } from './backend.ts';

test('the secret of Stripe’s webhooks is the data folder’s own, and stays', () => {
	const secret = webhookSecret({ secret: 'sb_secret_x' });
	expect(secret).toMatch(/^whsec_[0-9a-f]{32}$/);
	expect(webhookSecret({ secret: 'sb_secret_x' })).toBe(secret);
	expect(webhookSecret({ secret: 'sb_secret_y' })).not.toBe(secret);
});
