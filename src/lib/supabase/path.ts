const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const form = new RegExp(`^${uuid}/${uuid}(?:\\.[a-z0-9]{2,5})?$`);

/** Whether a text is a path of a file as the database keeps them: `<uuid>/<uuid>.<extension>`, or the folder of a photo. */
export const isPath = (text: unknown): text is string => typeof text === 'string' && form.test(text);
