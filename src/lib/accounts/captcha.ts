/** A company that tells people from programs. Supabase Auth knows these, and asks them about the token that a form carries. */
interface Provider {
	/** its script, to be told the language and what to call once it is there */
	script: (language: string, ready: string) => string;
	/** the name by which the script makes itself known */
	global: 'turnstile' | 'hcaptcha';
	/** what the content security policy has to let in, by directive */
	sources: Record<string, string>;
}

const providers: Record<string, Provider> = {
	turnstile: {
		script: (_, ready) => `https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit&onload=${ready}`,
		global: 'turnstile',
		sources: {
			'script-src': 'https://challenges.cloudflare.com',
			'frame-src': 'https://challenges.cloudflare.com'
		}
	},
	hcaptcha: {
		script: (language, ready) =>
			`https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off&hl=${language}&onload=${ready}`,
		global: 'hcaptcha',
		sources: Object.fromEntries(
			['script-src', 'frame-src', 'style-src', 'connect-src'].map((directive) => [
				directive,
				'https://hcaptcha.com https://*.hcaptcha.com'
			])
		)
	}
};

export interface Captcha extends Provider {
	siteKey: string;
}

/** Reads `turnstile:<site key>` or `hcaptcha:<site key>`; null where nothing is set. Raises for anything else. */
export function captchaOf(setting: string): Captcha | null {
	if (setting === '') return null;
	const [, name = '', siteKey = ''] = /^(\w+):([\w-]{10,100})$/.exec(setting) ?? [];
	const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
	if (!provider) throw new Error('Set PUBLIC_CAPTCHA to turnstile:<site key> or hcaptcha:<site key>, or not at all.');
	return { ...provider, siteKey };
}

/** What both companies' scripts offer. */
interface Api {
	render(place: HTMLElement, options: Record<string, unknown>): string;
	reset(widget: string): void;
	remove(widget: string): void;
}

let loading: Promise<Api> | undefined;

/** Loads the company's script, once for all forms that are shown; rejects where it cannot be reached. */
function load({ script, global }: Captcha, language: string): Promise<Api> {
	const ready = 'captchaReady';
	loading ??= new Promise<Api>((resolve, reject) => {
		const known = window as unknown as Record<string, unknown>;
		known[ready] = () => resolve(known[global] as Api);
		const element = document.createElement('script');
		element.src = script(language, ready);
		element.async = true;
		element.onerror = () => {
			loading = undefined;
			element.remove();
			reject(new Error(`${global} could not be loaded`));
		};
		document.head.append(element);
	});
	return loading;
}

/** Shows the question in a place of the page; `ontoken` is given each answer, and '' when one has ended. */
export async function show(
	captcha: Captcha,
	place: HTMLElement,
	language: string,
	ontoken: (token: string) => void
): Promise<{ reset: () => void; remove: () => void }> {
	const api = await load(captcha, language);
	const widget = api.render(place, {
		sitekey: captcha.siteKey,
		language,
		theme: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light',
		callback: ontoken,
		'expired-callback': () => ontoken('')
	});
	return { reset: () => api.reset(widget), remove: () => api.remove(widget) };
}
