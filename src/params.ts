import { defineParams } from '@sveltejs/kit/params';

export const params = defineParams({
	/** Languages that show in the path. French, the default, has no prefix. */
	lang: (param) => (param === 'ar' || param === 'en' ? param : undefined)
});
