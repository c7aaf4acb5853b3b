import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const teams: Domain = {
	title: 'Teams',
	tables: {
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
				of a suspended provider
				  select      ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		invitations: {
			about: 'Who was asked to join.',
			columns: 'id provider_id email invitee_id role invited_by created_at expires_at accepted_at',
			authenticated: { select: 'all but invitee_id' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
			`
		}
	},
	functions: {
		provider_team: {
			about: 'The people of a provider, with their names and addresses.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of the provider               ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				of a suspended provider       ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		provider_owners: {
			about: 'Its owners, for those who verify it; the log says who was shown.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of the provider               ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		invite_member: {
			about: 'Asks somebody to join.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				as manager                    ·       ?      ?      ·      ✓      !      !     ?       ?       ?
				as staff                      ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				of a suspended provider       ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		revoke_invitation: {
			about: 'Takes that back.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of a manager                  ·       ?      ?      ·      ✓      !      !     ?       ?       ?
				of staff                      ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
			`
		},
		get_invitation: {
			about: 'What an invitation’s link stands for.',
			for: 'everyone',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				by its secret                 ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				by a wrong secret             ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				past its week                 ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				of a suspended provider       ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
				sent by a suspended account   ?       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		accept_invitation: {
			about: 'Joins, as the account whose address was asked.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				sent to the client            ·       ✓      !      ·      !      !      !     !       !       !
				by a wrong secret             ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
				of a suspended provider       ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		set_member_role: {
			about: 'Gives a member another part.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				to one of the staff           ·       ?      ?      ·      ✓      !      !     ?       ?       ?
			`
		},
		remove_member: {
			about: 'Takes a member out of the team.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				one of the staff              ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				another manager               ·       ?      ?      ·      ✓      !      !     ?       ?       ?
			`
		},
		leave_provider: {
			about: 'Leaves it; the last owner cannot.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				with another owner            ·       ?      ?      ·      ✓      ✓      ✓     ?       ?       ?
				without another               ·       ?      ?      ·      #      ✓      ✓     ?       ?       ?
			`
		},
		transfer_ownership: {
			about: 'Hands the provider over.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				to one of the staff           ·       ?      ?      ·      ✓      !      !     ?       ?       ?
			`
		},
		assign_resource: {
			about: 'Says which member a calendar is of.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				to one of the staff           ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
			`
		}
	}
};
