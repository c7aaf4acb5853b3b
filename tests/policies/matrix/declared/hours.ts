import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

/** Hours are read like the provider itself, and changed by its owner and managers. */
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

export const hours: Domain = {
	title: 'Hours',
	tables: {
		hour_profiles: {
			about: 'Times of the year with hours of their own, such as Ramadan.',
			columns: 'id provider_id name starts_on ends_on',
			anon: { select: 'all' },
			authenticated: { select: 'all', insert: 'all but id', update: 'name starts_on ends_on', delete: true },
			rows: likeTheProvider
		},
		opening_hours: {
			about: 'The usual week, of a provider or of one of its resources.',
			columns: 'id provider_id resource_id profile_id weekday opens closes valid_from valid_to',
			anon: { select: 'all' },
			authenticated: {
				select: 'all',
				insert: 'all but id',
				update: 'weekday opens closes valid_from valid_to',
				delete: true
			},
			rows: likeTheProvider
		},
		special_days: {
			about: 'Days that are not like their week.',
			columns: 'id provider_id resource_id day opens closes',
			anon: { select: 'all' },
			authenticated: { select: 'all', insert: 'all but id', update: 'day opens closes', delete: true },
			rows: likeTheProvider
		},
		closures: {
			about: 'Time off, with its reason: the provider’s people’s alone.',
			columns: 'id provider_id resource_id period local_starts_at local_ends_at reason created_at',
			authenticated: { select: 'all', insert: 'provider_id resource_id period reason', delete: true },
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
		}
	},
	functions: {
		provider_hours: {
			about: 'When a business is open on the coming days.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				of a published provider                 ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				of a draft                              ?       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
			`
		}
	}
};
