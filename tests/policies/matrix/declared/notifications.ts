import { kinds } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const notifications: Domain = {
	title: 'Notifications',
	tables: {
		notifications: {
			about: 'What a person’s bell says. They mark it read; nothing else of it is theirs to change.',
			columns: 'id user_id kind data booking_id conversation_id read_at created_at',
			authenticated: { select: 'all', update: 'read_at' },
			service: '',
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
		notification_kinds: {
			about: 'What each kind of notice is, beside its words.',
			columns: 'kind bell',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		templates: {
			about: 'The words of mails.',
			columns: 'kind language subject body button',
			service: '',
			rows: kinds`
				any
			`
		},
		deliveries: {
			about: 'Mails to be sent, with addresses and links: the worker’s alone, through its functions.',
			columns: `id channel kind recipient account_id booking_id invitation_id sender_id language data dedupe_key status attempts
				next_attempt_at external_id error created_at sent_at`,
			service: '',
			rows: kinds`
				to the client
			`
		}
	},
	functions: {
		claim_deliveries: { about: 'Gives the worker what is to be sent.', for: 'secret key' },
		finish_delivery: { about: 'Tells what became of it.', for: 'secret key' }
	},
	topics: {
		user: {
			about: 'A person’s bell and bookings, from the database alone.',
			rooms: kinds`
				            anonymous client other blocked owner manager staff rival moderator admin
				the client’s
				  listen        ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				the owner’s
				  listen        ·       ·      ·      ·      ✓      ·      ·     ·       ·       ·
			`
		},
		provider: {
			about: 'A provider’s bookings, for its people, from the database alone.',
			rooms: kinds`
				            anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  listen        ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
				of a draft
				  listen        ·       ·      ·      ·      ✓      ✓      ✓     ·       ·       ·
			`
		},
		service: {
			about: `That slots have changed: a day and nothing else, for whoever looks, from the database alone. Any visitor may
				listen, so that who is blocked may too.`,
			rooms: kinds`
				            anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  listen        ✓       ✓      ✓      ✓      ✓      ✓      ✓     ✓       ✓       ✓
				of a draft
				  listen        ✓       ✓      ✓      ✓      ✓      ✓      ✓     ✓       ✓       ✓
			`
		}
	}
};
