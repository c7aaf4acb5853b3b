/** Reached with a token of the project alone: config.toml says nothing else of it. */
Deno.serve(() => Response.json({ reached: true }));
