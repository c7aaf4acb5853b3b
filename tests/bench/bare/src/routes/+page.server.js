export const load = () => ({ name: 'world' });
