import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const onboarding: Domain = {
	title: 'Becoming a provider',
	tables: {
		provider_documents: {
			about: 'What a provider shows to be verified: its owner’s and managers’, and of those who verify.',
			columns: 'id provider_id kind path submitted_by created_at',
			authenticated: { select: 'all', insert: 'provider_id kind path', delete: true },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ✓       ✓
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ✓       ✓
				  insert      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				  delete      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ·
				of a suspended provider
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ✓       ✓
			`
		},
		verifications: {
			about: 'Requests for verification. Who decided is told to nobody.',
			columns: 'id provider_id status note created_at decided_at decided_by',
			authenticated: { select: 'all but decided_by' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of a published provider
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ✓       ✓
				of a draft
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ✓       ✓
				of a suspended provider
				  select      ·       ·      ·      ·      ·      ·      ·     ·       ✓       ✓
			`
		},
		start_requests: {
			about:
				'What those who begin ask of the platform: a town, to be told of a trade. Staff have a function, which says not who asks.',
			columns: 'id account_id town category_id draft status note city_slug created_at decided_at decided_by',
			authenticated: { select: 'all but decided_by' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				the client’s
				  select      ·       ✓      ·      ·      ·      ·      ·     ·       ·       ·
			`
		}
	},
	functions: {
		request_town: {
			about: 'Asks for a town that is not in the list.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				in words                      ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		request_trade: {
			about: 'Asks to be told when businesses of a trade can be set up.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				one that cannot yet           ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		waiting_start_requests: {
			about: 'What has been asked for and not answered, without who asks.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				all                           ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		decide_start_request: {
			about: 'Answers one.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the client’s                  ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		start_provider: {
			about: 'Makes a provider of the caller’s own, as a draft.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				a new one                     ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		publish_provider: {
			about: 'Shows a draft to everyone.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				a draft                       ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				one that is suspended         ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		unpublish_provider: {
			about: 'Takes it back from the public.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				one that is published         ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				one that is suspended         ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		open_document: {
			about: 'Opens a document’s file for five minutes to one who verifies; the log keeps it.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of the provider               ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		request_verification: {
			about: 'Hands its documents to the platform.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of the provider               ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
				of a suspended provider       ·       ?      ?      ·      !      !      !     ?       ?       ?
			`
		},
		begin_upload: {
			about: 'Says where the server may put a file of the caller’s.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				a picture of oneself          ·       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
				a document of the provider    ·       ?      ?      ·      ✓      ✓      !     ?       ?       ?
			`
		},
		decide_verification: {
			about: 'Accepts or refuses them.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				of the provider               ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		suspend_provider: {
			about: 'Takes a provider off the platform.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the provider                  ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		},
		restore_provider: {
			about: 'Gives it back, as a draft.',
			for: 'accounts',
			calls: lines`
				                          anonymous client other blocked owner manager staff rival moderator admin
				the provider                  ·       !      !      ·      !      !      !     !       ✓       ✓
			`
		}
	},
	buckets: {
		documents: {
			about: 'The files of those documents, each in the folder of its provider; put there by the server alone.',
			public: false,
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
