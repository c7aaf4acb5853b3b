import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

/** What of svelte-i18n keeps one language per process: on the server it would leak between requests. */
const leaking = ['init', 'locale', 'locales', 'isLoading', '_', 't', 'format', 'date', 'number', 'time'];
leaking.push('getMessageFormatter', 'dictionary', 'addMessages', 'getTimeFormatter');

const i18nPaths = [
	{
		name: 'svelte-i18n',
		importNames: leaking,
		message: 'It keeps one language for all requests. Use useI18n() of #lib/i18n/context.ts.'
	}
];
const schemas = {
	regex: '/schema\\.ts$',
	allowTypeImports: true,
	message: 'Schemas bring zod, which the one script of all pages would carry. Lists of words have files of their own.'
};
/**
 * @param {...{ regex: string, message: string, allowTypeImports?: boolean }} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const restrict = (...patterns) => ({
	'@typescript-eslint/no-restricted-imports': ['error', { paths: i18nPaths, patterns }]
});

// Who may import whom is in .dependency-cruiser.mjs.
export default defineConfig(
	globalIgnores([
		'**/build/',
		'**/.svelte-kit/',
		'.khadamat/',
		'coverage/',
		'test-results/',
		'playwright-report/',
		'supabase/.temp/',
		'src/lib/supabase/types.ts'
	]),
	js.configs.recommended,
	ts.configs.recommended,
	svelte.configs.recommended,
	{
		languageOptions: { globals: { ...globals.browser, ...globals.node } },
		rules: {
			'no-undef': 'off',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			// Addresses come from #lib/routes.ts; the site is served from the root.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser } }
	},
	{
		files: ['src/**/*.{ts,svelte}', 'supabase/**/*.ts'],
		rules: {
			...restrict(),
			'no-restricted-syntax': [
				'error',
				{
					selector: 'MemberExpression[property.name=/^(createSignedUrl|createSignedUploadUrl)$/]',
					message:
						'A path that is pasted into an address may lead elsewhere: sign by downloadAddress of #lib/supabase/files.ts.'
				}
			]
		}
	},
	{
		// What browsers load.
		files: ['src/routes/**/*.{svelte,ts}'],
		ignores: ['**/*server.ts'],
		rules: restrict(schemas)
	},
	{
		files: ['src/lib/**/*.svelte'],
		ignores: ['src/lib/ui/**', 'src/lib/i18n/**'],
		rules: restrict(schemas)
	}
);
