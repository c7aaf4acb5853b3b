import { loadMessages } from '#lib/i18n/messages.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, data }) => {
	const { language } = await parent();
	// Where a navigation overtakes a refresh, Kit runs this with another page's data once, and drops what comes of it.
	const { provider, published }: Partial<typeof data> = data;
	await loadMessages(
		language,
		provider?.status !== 'published' || published ? ['catalogue', 'onboarding', 'errors'] : ['catalogue']
	);
	return data;
};
