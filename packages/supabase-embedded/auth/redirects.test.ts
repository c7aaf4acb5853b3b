import { describe, expect, test } from 'vitest';
import { mayRedirect, redirectPattern } from './redirects.ts';

const site = 'https://site.example';

describe('after a link, people may be sent', () => {
	test.each([
		['to the site itself', 'https://site.example/bookings?x=1', [], true],
		['not to the site without TLS', 'http://site.example/', [], false],
		['not to another port of the site', 'https://site.example:8443/', [], false],
		['not to a host that merely starts like it', 'https://site.example.evil.test/', [], false],
		['not to a host hidden behind a user name', 'https://site.example@evil.test/', [], false],
		['to a listed address', 'http://localhost:3000/ok', ['http://localhost:3000/ok'], true],
		['not past a single star and a slash', 'http://localhost:3000/a/b', ['http://localhost:3000/*'], false],
		['past two stars and slashes', 'http://localhost:3000/a/b?c=d', ['http://localhost:3000/**'], true],
		['to one label of a host', 'https://pr-7.preview.test/', ['https://*.preview.test/'], true],
		['not to two labels of a host', 'https://a.b.preview.test/', ['https://*.preview.test/'], false],
		['to one of alternatives', 'https://b.test/', ['https://{a,b}.test/'], true],
		['not to what a dot is not', 'https://aXtest/', ['https://a.test/'], false],
		['whatever the fragment says', 'https://a.test/#x', ['https://a.test/'], true],
		['to an app of a listed scheme', 'app://confirm', ['app://**'], true],
		['not to an address written as one number', 'http://2130706433/', ['http://**'], false],
		['not to a foreign address of numbers', 'http://10.0.0.1/', ['http://**'], false],
		['not to a sentence', 'nowhere', ['**'], false]
	])('%s', (_, target, globs, allowed) => {
		expect(mayRedirect(target, site, globs.map(redirectPattern))).toBe(allowed);
	});
});
