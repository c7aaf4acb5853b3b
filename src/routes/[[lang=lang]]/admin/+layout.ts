import { loadMessages } from '#lib/i18n/messages.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent, data }) => {
	const { language } = await parent();
	await loadMessages(language, ['admin', 'booking', 'errors']);
	return data;
};
