interface Named {
	name_fr: string;
	name_ar: string;
	name_en: string;
}

/** Letters without accents, signs or case: two ways of writing a name meet in it. */
const bare = (name: string) =>
	name
		.normalize('NFD')
		.replace(/[^\p{Letter}\p{Number}]/gu, '')
		.toLowerCase();

/** The town in the list that somebody has written as one that is not, or undefined. */
export function listed<Town extends Named>(towns: Town[], typed: string): Town | undefined {
	const wanted = bare(typed);
	return towns.find(({ name_fr, name_ar, name_en }) =>
		[name_fr, name_ar, name_en].some((name) => bare(name) === wanted)
	);
}
