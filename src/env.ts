import { building } from '$app/env';
import { defineEnvVars } from '@sveltejs/kit/env';
import { captchaOf } from './lib/accounts/captcha.ts';

/** Refuses a missing value in words when the site starts; a build needs none. */
function required(name: string, help: string) {
	return (value: string | undefined): string => {
		if (!value && building) return 'http://build.invalid';
		if (!value) throw new Error(`Set ${name}: ${help}`);
		return value;
	};
}

/** All that the site knows of its surroundings. Read when it starts, so that one build serves any project. */
export const variables = defineEnvVars({
	PUBLIC_SUPABASE_URL: {
		public: true,
		description: 'Address of the Supabase project, e.g. https://abc.supabase.co',
		schema: (value) => new URL(required('PUBLIC_SUPABASE_URL', 'the address of your Supabase project.')(value)).origin
	},
	PUBLIC_SUPABASE_PUBLISHABLE_KEY: {
		public: true,
		description: 'Its publishable key (sb_publishable_…), which browsers may see',
		schema: required('PUBLIC_SUPABASE_PUBLISHABLE_KEY', 'the publishable key of your Supabase project.')
	},
	PUBLIC_CAPTCHA: {
		public: true,
		description:
			'Where Supabase Auth asks for a captcha: turnstile:<site key> or hcaptcha:<site key>. Without it no form shows one.',
		schema: (value) => {
			captchaOf(value ?? '');
			return value ?? '';
		}
	},
	SITE_SECRET: {
		description:
			'Signs the addresses of visitors for the rate limits: the same as the setting site_secret of the database. Without it all visitors of the site count as one.',
		schema: (value) => value ?? ''
	},
	SUPABASE_SECRET_KEY: {
		description:
			'A secret key of the project (sb_secret_…), by which Auth believes what the site says of its visitors’ addresses and limits each of them; used for nothing else. Without it all visitors of the site are one to Auth.',
		schema: (value) => value ?? ''
	}
});
