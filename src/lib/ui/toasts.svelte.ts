type Kind = 'success' | 'error' | 'info' | 'message';
interface Toast {
	kind: Kind;
	text: string;
	action?: { label: string; onClick: () => void };
}

/** What waits to be said; the Toaster of the root layout fetches its library when the first one comes. */
class Toasts {
	waiting = $state<Toast[]>([]);

	/** Says a sentence at the edge of the screen for a few seconds. Never the only place of an error in a form. */
	show(text: string, kind: Kind = 'message', action?: Toast['action']): void {
		this.waiting.push({ kind, text, action });
	}
}

export const toasts = new Toasts();
