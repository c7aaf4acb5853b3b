import { draw } from '#lib/http/uploads.server.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';

/** Edge length of a stored picture, in pixels: twice what the largest place shows, for fine screens. */
const avatarSize = 256;
/** The largest file that is read, in bytes. */
export const avatarLimit = 8 * 1024 * 1024;

/** What is read, by content: a name or a type that is claimed says nothing. */
const formats = ['jpeg', 'png', 'webp', 'heif'];
/** A file that cannot be a picture of a person here, with the sentence to say so. */
export class AvatarProblem extends Error {
	readonly key: MessageKey;

	constructor(key: MessageKey) {
		super(key);
		this.key = key;
	}
}

/**
 * Reads an uploaded picture and makes it ours: turned the right way, cropped to a square, WebP, without where and with
 * what it was taken. Raises AvatarProblem.
 */
export async function readAvatar(file: unknown): Promise<Uint8Array<ArrayBuffer>> {
	if (!(file instanceof File) || file.size === 0) throw new AvatarProblem('errors.field.required');
	if (file.size > avatarLimit) throw new AvatarProblem('errors.field.picture_large');
	try {
		return await draw(await file.arrayBuffer(), formats, (picture) =>
			picture
				.autoOrient()
				.resize(avatarSize, avatarSize, { fit: 'cover' })
				.flatten({ background: '#ffffff' })
				.webp({ quality: 82 })
		);
	} catch {
		throw new AvatarProblem('errors.field.picture_kind');
	}
}
