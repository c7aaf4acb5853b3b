import { accountOf } from '#lib/accounts/claims.ts';

export const load = async ({ locals }) => {
	const claims = await locals.getClaims();
	return { theme: locals.theme, account: claims && accountOf(claims) };
};
