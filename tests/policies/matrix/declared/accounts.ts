import { kinds, lines } from '../notation.ts';
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
				  select      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				  update      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				the owner’s
				  select      ·       ·      ·      ·      ✓      ·      ·     ·       ·       ·
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
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ✓       ✓
				the admin’s
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ·       ✓
			`
		},
		audit_log: {
			about: 'Who changed what. Nobody writes or changes it, the secret key neither.',
			columns: 'id at actor_id actor_role action table_name row_id provider_id old_values new_values',
			authenticated: { select: 'all' },
			service: 'select',
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ·       ✓
			`
		},
		audit_personal: {
			about: 'The personal part of the log, each row an account’s or a provider’s and gone with it.',
			columns: 'id entry_id account_id provider_id address old_values new_values',
			service: 'select',
			rows: kinds`
				the client’s
				of a published provider
			`
		}
	},
	functions: {
		note_session: {
			about: 'Remembers address and browser of the caller’s session.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		my_sessions: {
			about: 'Where the caller is signed in.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		end_session: {
			about: 'Ends one of the caller’s sessions.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				another of the client’s       ·       ✓      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		end_other_sessions: {
			about: 'Ends all of the caller’s sessions but this one.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		make_recovery_codes: {
			about: 'New codes that stand in for a lost phone.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       2      2      ·      ✓      ✓      2     2       ✓       ✓
			`
		},
		recovery_codes_left: {
			about: 'How many the caller has left.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		use_recovery_code: {
			about: 'Gives one in place of the second factor.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				one of the client’s           ·       ✓      ×      ·      ×      ×      ×     ×       ×       ×
			`
		},
		lacks_password: {
			about: 'Whether the caller has yet to choose one.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		mail_link: {
			about: 'Whose link of a mail this is, masked. Whoever holds the link may ask.',
			for: 'everyone',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				a link’s secret               ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		export_my_data: {
			about: 'All there is of the caller.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		account_deletion_obstacles: {
			about: 'What stands in the way of deleting the caller’s account.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		delete_my_account: {
			about: 'Deletes the caller’s account, unless a booking or a provider hangs on it.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s, with a booking  ·       #      #      ·      #      #      #     #       !       !
			`
		},
		recently_proven: {
			about: 'Whether the caller has proved of late who they are.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		second_factor_given: {
			about: 'Whether the caller’s session has given the second factor.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the caller’s                  ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		claim_file_removals: { about: 'Hands files that are to go to the function that removes them.', for: 'secret key' },
		finish_file_removal: { about: 'Its report.', for: 'secret key' },
		people_in_audit: {
			about: 'Who the pseudonyms of the log are.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the admin’s                   ·       !      !      ·      !      !      !     !       !       ✓
			`
		},
		audit_details: {
			about: 'The personal part of entries of the log, which the log keeps.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of any                        ·       !      !      ·      !      !      !     !       !       ✓
			`
		},
		count_accounts: {
			about: 'How many accounts there are.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				all                           ·       !      !      ·      !      !      !     !       !       ✓
			`
		},
		grant_role: {
			about: 'Makes an account one of the platform’s staff.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				moderator, to another         ·       !      !      ·      !      !      !     !       !       ✓
				admin, to another             ·       !      !      ·      !      !      !     !       !       !
				moderator, to themselves      ·       !      !      ·      !      !      !     !       !       !
			`
		},
		revoke_role: {
			about: 'Takes such a role away.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				another moderator’s           ·       !      !      ·      !      !      !     !       !       ✓
				another admin’s               ·       !      !      ·      !      !      !     !       !       !
			`
		},
		suspend_account: {
			about: 'Closes an account.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				another account               ·       !      !      ·      !      !      !     !       !       ✓
				another moderator             ·       !      !      ·      !      !      !     !       !       ✓
				another admin                 ·       !      !      ·      !      !      !     !       !       !
				themselves                    ·       !      !      ·      !      !      !     !       !       !
			`
		},
		restore_account: {
			about: 'Opens it again.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				another account               ·       !      !      ·      !      !      !     !       !       ✓
			`
		},
		attempt_sign_in: {
			about: 'Asks whether a password may be tried for an address.',
			for: 'everyone',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				any address                   ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		attempt_recovery: {
			about: 'Asks whether a link may be sent to an address.',
			for: 'everyone',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				any address                   ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		note_reading: {
			about: 'Says that the caller is about to read of people; the log has it first.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of accounts                   ·       !      !      ·      !      !      !     !       !       ✓
				of owners                     ·       !      !      ·      !      !      !     !       ✓       ✓
				of the log                    ·       !      !      ·      !      !      !     !       !       ✓
			`
		},
		find_accounts: {
			about: 'Accounts, with their addresses; the log says who was shown.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				all                           ·       !      !      ·      !      !      !     !       !       ✓
			`
		}
	},
	buckets: {
		avatars: {
			about: 'Portraits, each in the folder of its account; put there by the server alone.',
			public: true,
			files: kinds`
				           anonymous client other blocked owner manager staff rival moderator admin
				in the client’s folder
				  read         ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				  list         ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				  delete       ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				outside of any
				under another name than the server’s
			`
		}
	}
};
