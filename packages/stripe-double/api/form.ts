/** A decoded form: text, or a group of named parts. A list is a group named 0, 1, 2 …, which only a schema can tell from a hash. */
export interface Form {
	[name: string]: string | Form;
}

/**
 * Decodes Stripe's form encoding: `a[b]=x`, `list[0][c]=y`, `expand[]=z`.
 * The groups have no prototype, so that no name in a request can reach one.
 */
export function decodeForm(text: string): Form {
	const form = Object.create(null) as Form;
	for (const [path, value] of new URLSearchParams(text)) {
		const opening = path.indexOf('[');
		const names =
			opening === -1
				? [path]
				: [
						path.slice(0, opening),
						...path
							.slice(opening + 1)
							.replace(/\]$/, '')
							.split('][')
					];
		let group = form;
		names.forEach((given, index) => {
			const name = given === '' && index > 0 ? String(Object.keys(group).length) : given;
			if (index === names.length - 1) {
				group[name] = value;
				return;
			}
			const inner = group[name];
			group = typeof inner === 'object' ? inner : (group[name] = Object.create(null) as Form);
		});
	}
	return form;
}
