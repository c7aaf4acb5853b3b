import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

/** A conversation is its two sides’: the client, and whoever works for the provider. The platform’s staff are not in it. */
const bothSides = kinds`
	          anonymous client other blocked owner manager staff rival moderator admin
	of the client with the provider
	  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
	of the client with a suspended provider
	  select      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
`;

export const messaging: Domain = {
	title: 'Messaging',
	tables: {
		conversations: {
			about: 'Who talks with which provider.',
			columns: 'id provider_id customer_id last_message_at last_message_preview created_at',
			authenticated: { select: 'all' },
			rows: bothSides
		},
		messages: {
			about: 'What they say. Written by the function that marks it with its side.',
			columns: 'id conversation_id sender_id side body attachment_path created_at',
			authenticated: { select: 'all' },
			rows: bothSides
		},
		conversation_reads: {
			about: 'How far each has read.',
			columns: 'conversation_id user_id read_at',
			authenticated: { select: 'all' },
			rows: bothSides
		}
	},
	functions: {
		send_message: {
			about: 'Says something in a conversation, or begins one with a provider.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				in the client’s conversation            ·       ✓      ?      ·      ✓      ✓      ✓     ?       ?       ?
				to a provider                           ·       ✓      ✓      ·      ?      ?      ?     ✓       ✓       ✓
				to a provider that is a draft           ·       ?      ?      ·      ?      ?      ?     ?       ?       ?
				in one with a suspended provider        ·       ✓      ?      ·      ?      ?      ?     ?       ?       ?
			`
		},
		mark_read: {
			about: 'Remembers how far the caller has read.',
			for: 'accounts',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s conversation               ·       ✓      ?      ·      ✓      ✓      ✓     ?       ?       ?
			`
		}
	},
	topics: {
		conversation: {
			about: 'That something was said or read; spoken on by the database alone.',
			rooms: kinds`
				            anonymous client other blocked owner manager staff rival moderator admin
				of the client with the provider
				  listen        ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				of the client with a suspended provider
				  listen        ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
			`
		},
		'conversation … presence': {
			about: 'Typing and presence of both sides.',
			rooms: kinds`
				            anonymous client other blocked owner manager staff rival moderator admin
				of the client with the provider
				  listen        ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  send          ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				  be present    ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ·
				of the client with a suspended provider
				  listen        ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				  send          ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
				  be present    ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
			`
		}
	}
};
