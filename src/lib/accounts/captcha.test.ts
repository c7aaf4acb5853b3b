import { expect, test } from 'vitest';
import { captchaOf } from './captcha.ts';

test('there is none where none is set', () => {
	expect(captchaOf('')).toBeNull();
});

test.each([
	['turnstile:0x4AAAAAAADnPIDROrmt1Wwj', 'turnstile', 'https://challenges.cloudflare.com/'],
	['hcaptcha:10000000-ffff-ffff-ffff-000000000001', 'hcaptcha', 'https://js.hcaptcha.com/']
])('%s is known', (setting, global, host) => {
	const captcha = captchaOf(setting)!;
	expect(captcha).toMatchObject({ global, siteKey: setting.split(':')[1] });
	const script = captcha.script('ar', 'ready');
	expect(script.startsWith(host)).toBe(true);
	expect(script).toContain('onload=ready');
});

test.each(['recaptcha:10000000', 'turnstile', 'turnstile:', 'turnstile:a b c d e f g', 'constructor:1234567890'])(
	'%s is refused in words when the site starts',
	(setting) => {
		expect(() => captchaOf(setting)).toThrow('Set PUBLIC_CAPTCHA');
	}
);
