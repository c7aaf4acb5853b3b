/** What a browser's file dialog offers; what the file holds decides. */
export const accepted = 'application/pdf,image/jpeg,image/png,image/webp';
