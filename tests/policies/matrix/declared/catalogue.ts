import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const catalogue: Domain = {
	title: 'Catalogue',
	tables: {
		categories: {
			about: 'Trades that one looks for.',
			columns: 'id slug name_fr name_ar name_en keywords icon position mode self_service',
			computed: 'self_service',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		cities: {
			about: 'Towns that one looks in.',
			columns: 'slug name_fr name_ar name_en latitude longitude position time_zone',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		cancellation_policies: {
			about: 'What a customer gets back when a booking is cancelled.',
			columns: 'id code tiers',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		providers: {
			about: `Businesses. A draft is its people’s and the platform’s staff’s; publishing and verifying are not theirs to do. Those of
				a suspended one see how it stands and what it has promised, and change nothing.`,
			columns: `id slug name name_ar category_id city_slug district address latitude longitude about_fr about_ar about_en phone
				time_zone currency status verified_at approval answer_hours cancellation_policy_id rating rating_count
				price_from_minor search_text search_skeletons created_at updated_at`,
			anon: { select: 'all but search_text search_skeletons' },
			authenticated: {
				select: 'all but search_text search_skeletons',
				update: `name name_ar district address latitude longitude about_fr about_ar about_en phone approval answer_hours
					cancellation_policy_id`
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				published
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ✓       ✓
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				suspended
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ✓       ✓
			`
		},
		services: {
			about: 'What can be booked. Withdrawn by making it inactive, never deleted: bookings point at it.',
			columns: `id provider_id mode name_fr name_ar name_en description_fr description_ar description_en duration_minutes
				buffer_before_minutes buffer_after_minutes step_minutes notice_minutes horizon_days price_minor deposit_percent
				min_party max_party price_per staff_needed place active position created_at`,
			anon: { select: 'all' },
			authenticated: {
				select: 'all',
				insert: 'all but id created_at',
				update: 'all but id provider_id mode created_at'
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a published provider, inactive
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		resources: {
			about: 'What a booking takes: staff, tables, rooms. Which account a member of staff has is told to nobody.',
			columns: 'id provider_id kind name capacity user_id named_after active position',
			anon: { select: 'all but user_id named_after' },
			authenticated: {
				select: 'all but user_id named_after',
				insert: 'all but id user_id named_after',
				update: 'name capacity active position'
			},
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a published provider, inactive
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  update      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		service_resources: {
			about: 'Which resources serve what.',
			columns: 'service_id resource_id',
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
		photos: {
			about: 'A provider’s pictures, with the words for those who do not see them.',
			columns: 'id provider_id path width height alt_fr alt_ar alt_en position',
			anon: { select: 'all' },
			authenticated: { select: 'all', delete: true },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
			`
		}
	},
	functions: {
		search_providers: {
			about: 'Finds published providers.',
			for: 'everyone',
			calls: lines`
				                        anonymous client other blocked owner manager staff rival moderator admin
				for a published provider    ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				for a draft                 0       0      0      ·      0      0      0     0       0       0
			`
		}
	},
	buckets: {
		photos: {
			about: 'The files of those pictures, each in the folder of its provider; put there by the server alone.',
			public: true,
			files: kinds`
				           anonymous client other blocked owner manager staff rival moderator admin
				in the provider’s folder
				  read         ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  list         ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete       ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				in a suspended provider’s folder
				outside of any
				under another name than the server’s
			`
		}
	}
};
