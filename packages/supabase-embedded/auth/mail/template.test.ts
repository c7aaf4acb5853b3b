import { describe, expect, test } from 'vitest';
import { parseTemplate } from './template.ts';

const chosen = '{{ if eq .Data.language "ar" }}ع{{ else if eq .Data.language "en" }}E{{ else }}F{{ end }}';

describe('a template', () => {
	test.each([
		['writes a field', 'Code {{ .Token }}.', { Token: '012345' }, 'Code 012345.'],
		['writes a field without spaces around it', '{{.Token}}', { Token: '1' }, '1'],
		['writes a field of the metadata', '{{ .Data.name }}', { Data: { name: 'Amina' } }, 'Amina'],
		['writes nothing for what is missing', '[{{ .Data.name }}{{ .Nope.deep }}]', { Data: {} }, '[]'],
		['does not reach into what objects inherit', '[{{ .Data.constructor }}]', { Data: {} }, '[]'],
		['escapes markup', '<b>{{ .Email }}</b>', { Email: '<script>"\'&' }, '<b>&lt;script&gt;&#34;&#39;&amp;</b>'],
		[
			'encodes a value in the query of a link',
			'<a href="{{ .S }}/c?n={{ .R }}">',
			{ S: 'https://a.b', R: 'https://a.b/?x=1&y=2' },
			'<a href="https://a.b/c?n=https%3A%2F%2Fa.b%2F%3Fx%3D1%26y%3D2">'
		],
		[
			'refuses an address that would run a script',
			'<a href="{{ .S }}">',
			{ S: 'javascript:alert(1)' },
			'<a href="#ZgotmplZ">'
		],
		['chooses the first branch', chosen, { Data: { language: 'ar' } }, 'ع'],
		['chooses a later branch', chosen, { Data: { language: 'en' } }, 'E'],
		['falls back when no branch fits', chosen, { Data: { language: 'de' } }, 'F'],
		['falls back without metadata', chosen, {}, 'F'],
		['nests conditions', '{{ if eq .A "1" }}{{ if eq .B "1" }}x{{ end }}y{{ end }}z', { A: '1', B: '2' }, 'yz']
	])('%s', (_, source, data, expected) => {
		expect(parseTemplate(source)(data)).toBe(expected);
	});

	test.each([
		'{{ range .X }}',
		'{{ if eq .A "1" }}',
		'{{ end }}',
		'{{ else }}',
		'{{ if .A }}x{{ end }}',
		'{{ if eq .A "1" }}{{ else }}{{ else }}{{ end }}'
	])('is refused when it holds %s', (source) => expect(() => parseTemplate(source)).toThrow());
});
