/** What something means, by colour and words together. */
export type Tone = 'neutral' | 'primary' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

/** Soft ground with its text, for badges and alerts. */
export const softTone: Record<Tone, string> = {
	neutral: 'bg-muted text-ink',
	primary: 'bg-primary-soft text-on-primary-soft',
	accent: 'bg-accent text-on-accent',
	success: 'bg-success-soft text-success',
	warning: 'bg-warning-soft text-warning',
	danger: 'bg-danger-soft text-danger',
	info: 'bg-info-soft text-info'
};
