import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const promotions: Domain = {
	title: 'Promo codes',
	tables: {
		promo_codes: {
			about: 'Discounts. A customer types a code and is told what it gives; nobody reads those of others.',
			columns: `id provider_id code percent amount_minor service_id min_price_minor valid_from valid_to local_valid_from
				local_valid_to max_uses max_uses_each active created_at`,
			authenticated: {
				select: 'all',
				insert: 'all but id local_valid_from local_valid_to created_at',
				update: 'min_price_minor valid_from valid_to max_uses max_uses_each active'
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
				of the whole platform
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ·       ·
			`
		},
		promo_redemptions: {
			about: 'Which code a booking used.',
			columns: 'booking_id promo_code_id created_at',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		}
	}
};
