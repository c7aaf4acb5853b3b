/** The looks of anything that is pressed: Button and LinkButton share them. */
export type ButtonVariant = keyof typeof variants;
export type ButtonSize = keyof typeof sizes;

const variants = {
	/** the one main action of a view */
	primary: 'bg-primary text-on-primary shadow-low hover:bg-primary-hover',
	/** actions beside the main one */
	secondary: 'border border-outline bg-surface text-ink hover:bg-muted',
	/** belongs to the main action, but lighter */
	soft: 'bg-primary-soft text-on-primary-soft hover:brightness-95 dark:hover:brightness-110',
	/** actions in bars and lists */
	ghost: 'text-ink hover:bg-muted',
	/** saffron, for the one action of a deep band */
	accent: 'bg-accent text-on-accent shadow-low hover:brightness-105',
	/** what cannot be undone */
	danger: 'bg-danger text-on-danger shadow-low hover:bg-danger-hover'
} as const;

const sizes = {
	sm: 'min-h-11 px-3 text-sm',
	md: 'min-h-11 px-4 text-base',
	lg: 'min-h-13 px-6 text-lg'
} as const;

const base =
	'inline-flex items-center justify-center gap-2 rounded-md font-medium transition duration-(--duration-quick) ' +
	'active:translate-y-px disabled:pointer-events-none disabled:opacity-55 aria-disabled:opacity-55';

export function buttonClass(variant: ButtonVariant, size: ButtonSize, wide: boolean): string {
	return `${base} ${variants[variant]} ${sizes[size]}${wide ? ' w-full' : ''}`;
}
