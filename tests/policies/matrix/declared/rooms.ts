import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

/** Seats and their prices are read like the provider itself, and changed by its owner and managers. */
const likeTheProvider = kinds`
	          anonymous client other blocked owner manager staff rival moderator admin
	of a published provider
	  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
	  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	of a draft
	  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
	  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
	of a suspended provider
`;

export const rooms: Domain = {
	title: 'Tables and rooms',
	tables: {
		table_neighbours: {
			about: 'Which tables stand side by side.',
			columns: 'provider_id resource_id neighbour_id',
			authenticated: { select: 'all', insert: 'all', delete: true },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
			`
		},
		seats: {
			about: 'The seats of a room.',
			columns: 'provider_id resource_id label category row_number column_number wheelchair',
			anon: { select: 'all' },
			authenticated: {
				select: 'all',
				insert: 'all',
				update: 'category row_number column_number wheelchair',
				delete: true
			},
			rows: likeTheProvider
		},
		seat_prices: {
			about: 'What a seat of a category costs.',
			columns: 'provider_id service_id category price_minor',
			anon: { select: 'all' },
			authenticated: { select: 'all', insert: 'all', update: 'all', delete: true },
			rows: likeTheProvider
		}
	}
};
