/** The look that all fields for text and choice share. */
export const controlClass =
	'w-full min-h-11 rounded-md border border-outline bg-surface px-3.5 py-2 text-base text-ink shadow-low ' +
	'placeholder:text-ink-muted transition duration-(--duration-quick) hover:border-ink-muted ' +
	'aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger disabled:bg-muted disabled:text-ink-muted';
