import { html, raw } from 'hono/html';
import type { Demand, Person } from './grants.ts';
import { words } from './words.ts';
import type { Language, Words } from './words.ts';

type Markup = ReturnType<typeof html>;

/** What was typed, and what is wrong with it. */
export interface Filled {
	email: string;
	name: string;
	verified: boolean;
	mistakes: Partial<Record<'email' | 'name', string>>;
}

const style = `
:root { color-scheme: light dark; --ground: light-dark(#f4f5f8, #12141a); --surface: light-dark(#fff, #1b1e27);
	--text: light-dark(#1a1f36, #eef0f6); --line: light-dark(#7d8599, #8890a4); --action: light-dark(#0b57d0, #a8c7fa);
	--on-action: light-dark(#fff, #062e6f); --wrong: light-dark(#b3261e, #ff9d94); --badge: light-dark(#7a4b00, #ffd591);
	--badge-ground: light-dark(#fff2d9, #3a2c10); }
* { box-sizing: border-box; margin: 0; }
body { min-block-size: 100dvh; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
.badge { padding: .5rem 1rem; background: var(--badge-ground); color: var(--badge); font-weight: 600; text-align: center; }
main { inline-size: min(26rem, 100% - 2rem); margin: 3rem auto; padding: 1.5rem; background: var(--surface); border-radius: 1rem; }
h1 { font-size: 1.375rem; }
form { display: grid; gap: 1rem; margin-block-start: 1.25rem; }
.field { display: grid; gap: .25rem; }
label { font-weight: 600; }
input:not([type=checkbox]) { inline-size: 100%; min-block-size: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--line);
	border-radius: .5rem; background: transparent; color: inherit; font: inherit; }
.tick { display: flex; align-items: center; gap: .625rem; min-block-size: 2.75rem; font-weight: 400; }
.tick input { inline-size: 1.25rem; block-size: 1.25rem; }
.wrong { color: var(--wrong); }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
button { flex: 1; min-block-size: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; font: inherit;
	font-weight: 600; background: transparent; color: inherit; cursor: pointer; }
button[value=agree] { background: var(--action); border-color: var(--action); color: var(--on-action); }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px; }
`;

function frame(language: Language, provider: string, title: string, nonce: string, body: Markup): Markup {
	const badge = words[language].badge.replace('{provider}', provider);
	return html`<!doctype html>
		<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="robots" content="noindex" />
				<title>${title}</title>
				<style nonce="${nonce}">
					${raw(style)}
				</style>
			</head>
			<body>
				<p class="badge" role="note">${badge}</p>
				<main>
					<h1>${title}</h1>
					${body}
				</main>
			</body>
		</html>`;
}

function field(name: 'email' | 'name', label: string, attributes: string, filled: Filled): Markup {
	const mistake = filled.mistakes[name];
	return html`<div class="field">
		<label for="${name}">${label}</label>
		<input
			id="${name}"
			name="${name}"
			value="${filled[name]}"
			${raw(attributes)}${mistake ? raw(` aria-invalid="true" aria-describedby="${name}-error" autofocus`) : ''}
		/>
		${mistake ? html`<p class="wrong" id="${name}-error">${mistake}</p>` : ''}
	</div>`;
}

/** Asks a person who they are at the provider and whether the site may know. `tick` is what the box beside means. */
export function consentPage(
	page: {
		language: Language;
		provider: string;
		site: string;
		nonce: string;
		tick: keyof Words & ('verified' | 'shared');
	},
	demand: Demand,
	people: Person[],
	filled: Filled
): Markup {
	const say = (key: keyof Words) =>
		words[page.language][key].replace('{provider}', page.provider).replace('{site}', page.site);
	return frame(
		page.language,
		page.provider,
		say('title'),
		page.nonce,
		html`<p>${say('text')}</p>
			<form method="post" novalidate>
				${Object.entries(demand).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
				${field('email', say('email'), 'type="email" dir="ltr" autocomplete="email" list="people" required', filled)}
				<datalist id="people">
					${people.map(({ email, name }) => html`<option value="${email}">${name}</option>`)}
				</datalist>
				${field('name', say('name'), 'dir="auto" autocomplete="name" required', filled)}
				<label class="tick">
					<input type="checkbox" name="verified" value="yes" ${filled.verified ? 'checked' : ''} />
					${say(page.tick)}
				</label>
				<div class="buttons">
					<button name="answer" value="agree">${say('agree')}</button>
					<button name="answer" value="refuse">${say('refuse')}</button>
				</div>
			</form>`
	);
}

/** Says what is wrong with a request that cannot be sent back to whoever made it. */
export function brokenPage(language: Language, provider: string, nonce: string, reason: string): Markup {
	return frame(language, provider, words[language].broken, nonce, html`<p>${reason}</p>`);
}
