import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const reviews: Domain = {
	title: 'Reviews',
	tables: {
		reviews: {
			about: 'What customers say. Whose account and which booking it came of is told to nobody.',
			columns: 'id booking_id provider_id author_id author_name rating body language created_at',
			anon: { select: 'all but booking_id author_id' },
			authenticated: { select: 'all but booking_id author_id' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				of a suspended provider
			`
		}
	}
};
