import { PUBLIC_SUPABASE_URL } from '$app/env/public';

/** The address of a picture by its path in the bucket `avatars`. */
export const avatarUrl = (path: string) => `${PUBLIC_SUPABASE_URL}/storage/v1/object/public/avatars/${path}`;
