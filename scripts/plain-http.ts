// Loaded into the site's process before it (node --import). The site assumes https unless a header that its proxy sets
// says otherwise, and refuses forms whose origin does not match. Here it has no proxy: this says http in its place.
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

subscribe('http.server.request.start', (message) => {
	(message as { request: IncomingMessage }).request.headers['x-forwarded-proto'] ??= 'http';
});

// The site does not outlive the one who started it.
process.on('disconnect', () => process.exit());
process.channel?.unref();
