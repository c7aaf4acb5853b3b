/** The guided start, in order. */
export const steps = ['who', 'where', 'service', 'hours'] as const;
export type Step = (typeof steps)[number];
export const isStep = (value: unknown): value is Step => steps.includes(value as Step);
