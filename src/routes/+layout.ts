import { languageOfPath } from '#lib/i18n/languages.ts';
import { loadMessages } from '#lib/i18n/messages.ts';

export const load = async ({ url, data }) => {
	const language = languageOfPath(url.pathname);
	const [bell] = await Promise.all([
		// Visitors have no bell and do not carry its script.
		data.account && import('#lib/notifications/Bell.svelte'),
		loadMessages(language, data.account ? ['common', 'notifications'] : ['common'])
	]);
	return { ...data, language, Bell: bell?.default };
};
