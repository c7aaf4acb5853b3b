import { loadMessages } from '#lib/i18n/messages.ts';

export const load = async ({ parent }) => {
	const { language } = await parent();
	await loadMessages(language, ['accounts', 'auth', 'errors', 'security']);
};
