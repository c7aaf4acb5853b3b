import { languageOfPath } from '#lib/i18n/languages.ts';
import { loadMessages } from '#lib/i18n/messages.ts';

export const load = async ({ url, data }) => {
	const language = languageOfPath(url.pathname);
	await loadMessages(language, ['common']);
	return { ...data, language };
};
