import Bowser from 'bowser';

/** What a session was opened with, as far as its browser says. */
export interface Device {
	/** such as "Firefox"; null where unknown */
	browser: string | null;
	/** such as "Windows" or "iPhone"; null where unknown */
	system: string | null;
	kind: 'phone' | 'tablet' | 'computer';
}

/** Reads the header `User-Agent`. Only the server does: the table of browsers is large. */
export function deviceOf(userAgent: string | null): Device {
	if (!userAgent) return { browser: null, system: null, kind: 'computer' };
	const { browser, os, platform } = Bowser.parse(userAgent);
	const kind = platform.type === 'mobile' ? 'phone' : platform.type === 'tablet' ? 'tablet' : 'computer';
	// People know their iPhone by its name, not by that of its system.
	const system = os.name === 'iOS' ? (kind === 'tablet' ? 'iPad' : 'iPhone') : os.name;
	return { browser: browser.name || null, system: system || null, kind };
}
