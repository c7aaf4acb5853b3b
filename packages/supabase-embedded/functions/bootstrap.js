// Runs inside Deno, before the function: makes there what Supabase's edge runtime has and Deno has not.
globalThis.EdgeRuntime = {
	waitUntil(promise) {
		promise.catch((error) => console.error(error));
		return promise;
	}
};

// The platform holds the other end of this pipe: when it is gone, however it ended, this goes too.
(async () => {
	for await (const _ of Deno.stdin.readable);
	Deno.exit();
})();

const module = await import(Deno.args[0]);
if (typeof module.default?.fetch === 'function') Deno.serve((request, info) => module.default.fetch(request, info));
