import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const accounts: Domain = {
	title: 'Accounts',
	tables: {
		profiles: {
			about: 'What the product knows of a person. Made with the account, gone with it.',
			columns: 'id full_name phone language avatar_path created_at updated_at',
			authenticated: { select: 'all', update: 'full_name phone language avatar_path' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				the client’s
				  select      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ✓
				  update      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				the owner’s
				  select      ·       ·      ·      ·      ✓      ·      ·     ·       ·       ✓
				  update      ·       ·      ·      ·      ✓      ·      ·     ·       ·       ·
			`
		},
		role_permissions: {
			about: 'What each role of the platform’s staff may do.',
			columns: 'role permission',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ✓       ✓
			`
		},
		user_roles: {
			about: 'Who is on the platform’s staff.',
			columns: 'user_id role granted_at',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				the moderator’s
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ✓       ·
				the admin’s
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ·       ✓
			`
		},
		provider_members: {
			about: 'Who works for a provider, and as what.',
			columns: 'provider_id user_id role created_at',
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		}
	}
};
