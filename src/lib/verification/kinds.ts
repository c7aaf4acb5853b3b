/** What a document proves, as the database knows it. */
export const kinds = ['identity', 'registration', 'address', 'other'] as const;
export type DocumentKind = (typeof kinds)[number];

/** What a browser's file dialog offers; what the file holds decides. */
export const accepted = 'application/pdf,image/jpeg,image/png,image/webp';
