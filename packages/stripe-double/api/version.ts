/** The API version that stripe 23.1.0 speaks; a test holds the two equal. */
export const ApiVersion = '2026-10-28.endive';
