import { PUBLIC_SUPABASE_URL } from '$app/env/public';

/** The widths that every photo is stored in, in pixels. */
const widths = [480, 960, 1440];

/**
 * `src` and `srcset` of a photo by its path in the bucket `photos`. Set them one by one: an `img` with spread attributes
 * gets inline event handlers from Svelte, which the content security policy blocks.
 */
export function photoSources(path: string): { src: string; srcset: string } {
	const at = (width: number) => `${PUBLIC_SUPABASE_URL}/storage/v1/object/public/photos/${path}/${width}.webp`;
	return { src: at(960), srcset: widths.map((width) => `${at(width)} ${width}w`).join(', ') };
}
