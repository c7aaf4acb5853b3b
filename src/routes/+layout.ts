import { languageOfPath } from '#lib/i18n/languages.ts';
import { loadMessages } from '#lib/i18n/messages.ts';

export const load = async ({ url, data }) => {
	const language = languageOfPath(url.pathname);
	const [bar] = await Promise.all([
		// Visitors need not carry it.
		data.account && import('./_shell/AccountBar.svelte'),
		loadMessages(language, data.account ? ['common', 'notifications'] : ['common'])
	]);
	return { ...data, language, AccountBar: bar?.default };
};
