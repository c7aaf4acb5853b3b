import { loadMessages } from '#lib/i18n/messages.ts';

export const load = async ({ parent, data }) => {
	const { language } = await parent();
	await loadMessages(language, ['security']);
	return data;
};
