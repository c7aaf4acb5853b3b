import type { Config } from '../settings.ts';
import type { Rates } from './limits.ts';
import { redirectPattern } from './redirects.ts';

/** Keys of `[auth]` that only this service reads. */
type AuthConfig = Config['auth'] & {
	enable_anonymous_sign_ins?: boolean;
	enable_manual_linking?: boolean;
	password_requirements?: string;
	email: {
		secure_password_change?: boolean;
		require_current_password?: boolean;
	};
	hook?: Partial<
		Record<
			'before_user_created' | 'password_verification_attempt' | 'mfa_verification_attempt',
			{ enabled: boolean; uri: string }
		>
	>;
	captcha?: { enabled?: boolean; provider: string; secret: string };
	mfa?: { max_enrolled_factors?: number; totp?: { enroll_enabled?: boolean; verify_enabled?: boolean } };
};

/** A function of the database by its schema and name. */
export interface Hook {
	schema: string;
	name: string;
}

/** Reads `pg-functions://<database>/<schema>/<function>`; raises for anything else. */
function readHook(uri: string): Hook {
	const parts = /^pg-functions:\/\/[^/]+\/(\w+)\/(\w+)$/.exec(uri);
	if (!parts) throw new Error(`The hook "${uri}" is not of the form pg-functions://<database>/<schema>/<function>.`);
	return { schema: parts[1]!, name: parts[2]! };
}

/** Who says whether a token stands for a person. */
export interface Captcha {
	secret: string;
	/** where a token is verified */
	url: string;
}

const addresses: Record<string, string> = {
	hcaptcha: 'https://hcaptcha.com/siteverify',
	turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify'
};

/** `[auth.captcha]` of config.toml; SUPABASE_AUTH_CAPTCHA_URL names a double in the provider's place. */
export function readCaptcha(provider: string, secret: string): Captcha {
	const url = process.env.SUPABASE_AUTH_CAPTCHA_URL || addresses[provider];
	if (!url) throw new Error(`The captcha provider "${provider}" is not known: hcaptcha or turnstile.`);
	if (secret.trim() === '') throw new Error('auth.captcha is enabled without a secret.');
	return { secret: secret.trim(), url };
}

/** supabase/config.toml as the service uses it; durations in seconds unless the name says otherwise. */
export interface Configuration {
	siteUrl: string;
	redirectPatterns: RegExp[];
	tokenLifetime: number;
	rotation: boolean;
	reuseInterval: number;
	signup: boolean;
	anonymous: boolean;
	email: boolean;
	/** addresses count as confirmed from the start */
	autoconfirm: boolean;
	doubleConfirm: boolean;
	/** a new password needs a nonce when the session is older than a day */
	reauthentication: boolean;
	/** a new password needs the current one */
	currentPassword: boolean;
	mailIntervalMs: number;
	otpLength: number;
	otpExpiry: number;
	passwordLength: number;
	/** sets of characters of each of which a password needs one */
	passwordCharacters: string[];
	totp: { enroll: boolean; verify: boolean };
	maxFactors: number;
	/** people may link and unlink providers themselves */
	manualLinking: boolean;
	/** who says whether a person asks, null where nobody is asked */
	captcha: Captcha | null;
	/** asked before each new account */
	userHook: Hook | null;
	/** asked after each password */
	passwordHook: Hook | null;
	/** asked after each code of a second factor */
	factorHook: Hook | null;
	rates: Rates;
	templates: Record<string, { subject: string; content_path: string }>;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const symbols = `!@#$%^&*()_+-=[]{};'\\:"|<>?,./\`~`;
const characterSets: Record<string, string[]> = {
	letters_digits: [lower + upper, digits],
	lower_upper_letters_digits: [lower, upper, digits],
	lower_upper_letters_digits_symbols: [lower, upper, digits, symbols]
};

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration such as "1m30s"; null for what is none. */
export function parseDuration(text: string): number | null {
	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null;
	return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
		(sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!,
		0
	);
}

/**
 * One limit: SUPABASE_AUTH_RATE_LIMIT_<NAME> of the environment, as the CLI has it, else config.toml's, else the CLI's own.
 * Raises for what is no number.
 */
function rate(config: Config, name: string, usual: number): number {
	const value =
		process.env[`SUPABASE_AUTH_RATE_LIMIT_${name.toUpperCase()}`] || config.auth.rate_limit?.[name] || usual;
	if (!(Number(value) > 0)) throw new Error(`The rate limit ${name} is "${value}": it must be a number above 0.`);
	return Number(value);
}

/** The value of a setting that may name a variable, `env(NAME)`; '' when the variable is not set. */
export function valueOf(value = ''): string {
	const variable = /^env\((\w+)\)$/.exec(value)?.[1];
	return variable ? (process.env[variable] ?? '') : value;
}

export function configure(config: Config): Configuration {
	const auth = config.auth as AuthConfig;
	const userHook = auth.hook?.before_user_created;
	const passwordHook = auth.hook?.password_verification_attempt;
	const factorHook = auth.hook?.mfa_verification_attempt;
	return {
		siteUrl: auth.site_url,
		redirectPatterns: auth.additional_redirect_urls.map(redirectPattern),
		tokenLifetime: auth.jwt_expiry,
		rotation: auth.enable_refresh_token_rotation,
		reuseInterval: auth.refresh_token_reuse_interval,
		signup: auth.enable_signup,
		anonymous: auth.enable_anonymous_sign_ins ?? false,
		email: auth.email.enable_signup,
		autoconfirm: !auth.email.enable_confirmations,
		doubleConfirm: auth.email.double_confirm_changes,
		reauthentication: auth.email.secure_password_change ?? false,
		currentPassword: auth.email.require_current_password ?? false,
		mailIntervalMs: parseDuration(auth.email.max_frequency) ?? 60_000,
		otpLength: auth.email.otp_length,
		otpExpiry: auth.email.otp_expiry,
		passwordLength: auth.minimum_password_length,
		passwordCharacters: characterSets[auth.password_requirements ?? ''] ?? [],
		totp: { enroll: auth.mfa?.totp?.enroll_enabled ?? false, verify: auth.mfa?.totp?.verify_enabled ?? false },
		maxFactors: auth.mfa?.max_enrolled_factors ?? 10,
		manualLinking: auth.enable_manual_linking ?? false,
		captcha: auth.captcha?.enabled ? readCaptcha(auth.captcha.provider, valueOf(auth.captcha.secret)) : null,
		userHook: userHook?.enabled ? readHook(userHook.uri) : null,
		passwordHook: passwordHook?.enabled ? readHook(passwordHook.uri) : null,
		factorHook: factorHook?.enabled ? readHook(factorHook.uri) : null,
		rates: {
			emailSent: rate(config, 'email_sent', 2),
			anonymousUsers: rate(config, 'anonymous_users', 30),
			tokenRefresh: rate(config, 'token_refresh', 150),
			signInSignUps: rate(config, 'sign_in_sign_ups', 30),
			tokenVerifications: rate(config, 'token_verifications', 30),
			factors: rate(config, 'mfa_challenge_and_verify', 15)
		},
		templates: auth.email.template ?? {}
	};
}
