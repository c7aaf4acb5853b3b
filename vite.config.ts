import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vite';
import { precompileMessages } from './src/lib/i18n/precompile.ts';

export default defineConfig({
	plugins: [
		precompileMessages(),
		tailwindcss(),
		sveltekit({
			adapter: adapter(),
			compilerOptions: {
				runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true)
			},
			csp: {
				// Not nonces: a page kept for the next visitor would give the same one twice. Therefore loads are awaited: the
				// script of a part that arrives later has no place in the header.
				mode: 'hash',
				// The addresses of Supabase are known at run time only: hooks.server.ts adds them (lib/supabase/policy.ts).
				directives: {
					'default-src': ['self'],
					'script-src': ['self'],
					'style-src': ['self'],
					// Positions and sizes that components compute are style attributes; they cannot run code.
					'style-src-attr': ['unsafe-inline'],
					'img-src': ['self', 'data:', 'blob:'],
					'font-src': ['self'],
					'connect-src': ['self'],
					'worker-src': ['self'],
					'manifest-src': ['self'],
					'object-src': ['none'],
					'base-uri': ['none'],
					'frame-ancestors': ['none'],
					// A form may end at a payment page: browsers check the redirects of a form against this list too.
					'form-action': ['self', 'https:']
				}
			}
		}),
		...(process.env.VITEST ? [svelteTesting()] : [])
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						codeSplitting: {
							groups: [
								// Kit's first script hands the page's settings to this module before all others may read them.
								{ name: 'start', test: /runtime\/client\/payload\.js|preload-helper/, priority: 1 },
								// What many pages need comes as one file: forty small ones compress worse by a seventh.
								{
									name: 'shell',
									test: /node_modules|routes.(_shell|layout)|lib.(ui|i18n)/,
									minShareCount: 3
								}
							]
						}
					}
				}
			}
		}
	}
});
