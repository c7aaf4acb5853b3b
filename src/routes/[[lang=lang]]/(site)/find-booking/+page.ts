import { loadMessages } from '#lib/i18n/messages.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, data }) => {
	const { language } = await parent();
	await loadMessages(language, ['booking', 'errors']);
	return data;
};
